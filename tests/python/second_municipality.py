"""The rows of an invented municipality (9999) with two boards, and of a second year of Askersund's executive board.

Seed name -> lines to append. That no SQL, macro or Python need know of them is what is tested. Some codes and slugs are
the same as Askersund's, since a key without its organisation would mix the two.
"""

from __future__ import annotations

from collections.abc import Mapping

SECOND_MUNICIPALITY: Mapping[str, str] = {
    "organisations": "9999,Exempelby kommun,16",
    "boards": """
9999,KS,Kommunstyrelsen,16
9999,TN,Tekniska nämnden,16
""",
    "activity_codes": """
9999,KS,2023,10,Nämnder,2
9999,KS,2023,45,Gymnasiet,2
9999,KS,2024,10,Nämnder och styrelser,2
9999,KS,2024,45,Gymnasiet,2
9999,KS,2024,46,Komvux,2
9999,TN,2024,20,Teknisk planering,2
""",
    "operating_entries": """
9999,KS,2023,actual,10,net,-1000,1000,2
9999,KS,2023,actual,45,net,-2000,1000,2
9999,KS,2023,budget,10,net,-1000,1000,2
9999,KS,2023,budget,45,net,-1900,1000,2
9999,KS,2024,actual,10,net,-1001,1000,2
9999,KS,2024,actual,10,revenue,5,1000,3
9999,KS,2024,actual,10,cost,-1006,1000,3
9999,KS,2024,actual,45,net,-3000,1000,2
9999,KS,2024,budget,10,net,-990,1000,2
9999,KS,2024,budget,45,net,-2900,1000,2
9999,KS,2024,budget,46,net,-200,1000,2
9999,KS,2024,forecast,45,net,-2950,1000,2
9999,TN,2024,actual,20,net,-1234567,1,2
""",
    "operating_comments": "9999,KS,2024,1,45,Fler elever än väntat.,3",
    "result_lines": """
9999,KS,2023,1,Intäkter,revenue,,,50,40,1000,1
9999,KS,2023,2,Kostnader,cost,,,-3050,-2940,1000,1
9999,KS,2023,3,Resultat,result,,,-3000,-2900,1000,1
9999,KS,2024,1,Intäkter,revenue,,50,105,10,1000,1
9999,KS,2024,2,Kostnader,cost,,,-4106,-4100,1000,1
9999,KS,2024,3,Resultat,result,,-3000,-4001,-4090,1000,1
""",
    "budget_decisions": """
9999,KS,2024,operating,1,frame,Ram,4000,1000,24/1,2023-11-20,12
9999,KS,2024,operating,2,revision,Tillägg,90,1000,24/2,2024-03-18,12
""",
    "variance_drivers": "9999,KS,2024,suf,Vakanser,,50,1000,exact,,,13",
    "projects": """
9999,KS,2023,hall,Idrottshall,1,,ongoing,2023,4
9999,KS,2023,hall-tak,Tak,1,hall,,,4
9999,KS,2023,hall-golv,Golv,2,hall,,,4
9999,KS,2023,gustavslund,Bro vid Gustavslund,2,,ongoing,,4
9999,KS,2024,hall,Ny idrottshall,1,,finished,2023,4
9999,KS,2024,hall-tak,Tak,1,hall,,,4
9999,KS,2024,hall-golv,Golv,2,hall,,,4
9999,KS,2024,gustavslund,Bro vid Gustavslund,2,,ongoing,,4
""",
    "project_amounts": """
9999,KS,2023,hall,actual,-300,1000,4
9999,KS,2023,hall,budget,-500,1000,4
9999,KS,2023,hall-tak,actual,-100,1000,4
9999,KS,2023,hall-golv,actual,-200,1000,4
9999,KS,2023,gustavslund,actual,-1000,1000,4
9999,KS,2024,hall,actual,-75,1000,4
9999,KS,2024,hall,budget,-100,1000,4
9999,KS,2024,hall-tak,actual,-50,1000,4
9999,KS,2024,hall-golv,actual,-25,1000,4
9999,KS,2024,gustavslund,actual,-2000,1000,4
""",
    "project_totals": """
9999,KS,2023,gustavslund,-1500,-5000,-4500,1000,6
9999,KS,2024,gustavslund,-3500,-5200,-4500,1000,6
9999,KS,2024,hall,,-400,-450,1000,6
""",
    "project_aliases": "9999,KS,2024,text,Hallen,hall,4",
    "carry_over_requests": "9999,KS,2024,hall,25,1000,2025,5",
    "mandates": "9999,KS,2024,hall,80,1000,14",
    "investment_comments": "9999,KS,2024,1,hall,Klart och billigare än beslutat.,7",
    "goal_areas": """
9999,KS,2023,core-services,1,Kärnverksamhet,8
9999,KS,2024,core-services,1,Kärnverksamhet,8
""",
    "goals": """
9999,KS,2023,sick-leave,1,core-services,Snabb service,Nöjda invånare,Mätning varje månad.,Kansliet,8
9999,KS,2024,sick-leave,1,core-services,Snabb service,Nöjda invånare,Mätning varje månad.,Kansliet,8
""",
    "measures": """
9999,KS,2023,response-time,sick-leave,1,Svarstid i dagar,count,lower,0,8
9999,KS,2024,response-time,sick-leave,1,Svarstid i dagar,count,lower,0,8
9999,KS,2024,sfi-two-courses,sick-leave,2,Andel nöjda,percent,higher,0,8
""",
    "measure_targets": """
9999,KS,2023,response-time,at_most,15,8
9999,KS,2024,response-time,at_most,9,8
9999,KS,2024,sfi-two-courses,above,40,8
""",
    "measure_outcomes": """
9999,KS,2023,response-time,12,,,,,,,8
9999,KS,2024,response-time,10,,,,,,,8
9999,KS,2024,sfi-two-courses,,,,30,60,,,8
""",
    "assignments": "9999,KS,2024,fees,1,council,Avgifter,,Se över avgifterna.,,,,,,,9",
    "programmes": "9999,KS,2024,business,1,Näringsliv,Fler företag.,Två träffar har hållits.,10",
    "places": "9999,askersund,Exempelby,,11",
    "indicators": "9999,KS,fibre-share,Hushåll med fiber,percent,11",
    "indicator_values": """
9999,KS,2023,fibre-share,askersund,40.5,1,exact,11
9999,KS,2024,fibre-share,askersund,42,1,exact,11
""",
    "focus_areas": "9999,KS,2025,business,1,Näringsliv,1,Företag,Fler företag.,15",
    "goal_levels": "9999,KS,2025,1,Mål,Kommunfullmäktige,Ett år,15",
    "chapters": "9999,KS,2024,1,Översikt,1,Översikt,Ett år som andra.,16",
    "documents": "ks-2024-exempelby,9999,KS,2024,Exempelbys årsredovisning 2024,16",
    "statements": "ks-2024-exempelby,1,Översikt,project/hall,finished_in,2024,year,,,exact,16",
    # a report of a board and year is searched for contradictions, and each one found must be known
    "declared_contradictions": """
9999,KS,2024,overspending_unexplained/project/gustavslund,Uppgift saknas.,7
9999,KS,2024,variance_unexplained/operating/46,Uppgift saknas.,3
""",
    "printed_figures": "ks-2024-exempelby,1,Översikt,Gymnasiet,-100,sek,1000,1,0,exact,operating/45/variance,,,,,2",
    "control_totals": """
9999,KS,2024,fct_activity_variance,,actual_net,-4001,1000,printed,2
9999,KS,2024,fct_activity_variance,45,variance_net,-100,1000,printed,2
9999,TN,2024,fct_activity_variance,,actual_net,-1234567,1,printed,2
9999,KS,2024,fct_project_accumulation,gustavslund,forecast_variance,-700,1000,recomputed,6
""",
}

SECOND_YEAR: Mapping[str, str] = {
    "activity_codes": """
1882,KS,2025,10,Nämnder och styrelser,2
1882,KS,2025,45,Gymnasieskola,2
1882,KS,2025,93,Ny verksamhet,2
""",
    "operating_entries": """
1882,KS,2025,actual,10,net,-3100,1000,2
1882,KS,2025,actual,45,net,-80000,1000,2
1882,KS,2025,actual,93,net,-10,1000,2
1882,KS,2025,budget,10,net,-3000,1000,2
1882,KS,2025,budget,45,net,-80000,1000,2
""",
    "result_lines": """
1882,KS,2025,1,Intäkter,revenue,,,100,50,1000,1
1882,KS,2025,2,Kostnader,cost,,,-83210,-83050,1000,1
1882,KS,2025,3,varav personalkostnader,memo,personnel,,-43000,-43000,1000,1
1882,KS,2025,4,Resultat,result,,-186560,-83110,-83000,1000,1
""",
    "projects": "1882,KS,2025,gustavslund,Gustavslund etapp tre,1,,ongoing,,4",
    "project_amounts": """
1882,KS,2025,gustavslund,actual,-500,1000,4
1882,KS,2025,gustavslund,budget,-400,1000,4
""",
    "project_totals": "1882,KS,2025,gustavslund,-24482,-25500,-23400,1000,6",
    "goal_areas": "1882,KS,2025,sound-financial-management,1,God ekonomi,8",
    "goals": "1882,KS,2025,employee-engagement,1,sound-financial-management,Engagemang,Bra arbetsgivare,Enkät.,HR,8",
    "measures": "1882,KS,2025,hme-index,employee-engagement,1,HME-index,index,higher,0,8",
    "measure_targets": "1882,KS,2025,hme-index,at_least_previous,,8",
    "measure_outcomes": "1882,KS,2025,hme-index,79,,,,,,,8",
}
