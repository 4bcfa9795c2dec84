"""The rows of an invented municipality (9999) with two boards, and of a second year of Askersund's executive board.

Seed name -> rows to append, as CSV. That no SQL, macro or Python need know of them is what is tested. Some codes and
slugs are the same as Askersund's, since a key without its organisation would mix the two.
"""

from __future__ import annotations

from collections.abc import Mapping

SECOND_MUNICIPALITY: Mapping[str, str] = {
    "organisations": """
organisation_id,organisation_name,report_part
9999,Exempelby kommun,16
""",
    "boards": """
organisation_id,board_id,board_name,report_part
9999,KS,Kommunstyrelsen,16
9999,TN,Tekniska nämnden,16
""",
    "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
9999,KS,2023,10,Nämnder,2
9999,KS,2023,45,Gymnasiet,2
9999,KS,2024,10,Nämnder och styrelser,2
9999,KS,2024,45,Gymnasiet,2
9999,KS,2024,46,Komvux,2
9999,TN,2024,20,Teknisk planering,2
""",
    "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
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
    "operating_comments": """
organisation_id,board_id,fiscal_year,analysis_number,activity_code,comment,report_part
9999,KS,2024,1,45,Fler elever än väntat.,3
""",
    "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,account_class,prior_actual,actual,budget,scale,report_part
9999,KS,2023,1,Intäkter,revenue,,,50,40,1000,1
9999,KS,2023,2,Kostnader,cost,,,-3050,-2940,1000,1
9999,KS,2023,3,Resultat,result,,,-3000,-2900,1000,1
9999,KS,2024,1,Intäkter,revenue,,50,105,10,1000,1
9999,KS,2024,2,Kostnader,cost,,,-4106,-4100,1000,1
9999,KS,2024,3,Resultat,result,,-3000,-4001,-4090,1000,1
""",
    "budget_decisions": """
organisation_id,board_id,fiscal_year,account,step_number,step_kind,step_name,net_cost,scale,decision_number,decided_on,report_part
9999,KS,2024,operating,1,frame,Ram,4000,1000,24/1,2023-11-20,12
9999,KS,2024,operating,2,revision,Tillägg,90,1000,24/2,2024-03-18,12
""",
    "variance_drivers": """
organisation_id,board_id,fiscal_year,driver_id,driver_name,activity_code,amount,scale,qualifier,cost_increase_since_forecast,cost_increase_scale,report_part
9999,KS,2024,suf,Vakanser,,50,1000,exact,,,13
""",
    "projects": """
organisation_id,board_id,fiscal_year,project_id,project_name,list_number,parent_project_id,status,first_fiscal_year,report_part
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
organisation_id,board_id,fiscal_year,project_id,scenario,amount,scale,report_part
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
organisation_id,board_id,fiscal_year,project_id,cost_to_date,total_forecast,total_budget,scale,report_part
9999,KS,2023,gustavslund,-1500,-5000,-4500,1000,6
9999,KS,2024,gustavslund,-3500,-5200,-4500,1000,6
9999,KS,2024,hall,,-400,-450,1000,6
""",
    "project_aliases": """
organisation_id,board_id,fiscal_year,place,alias,project_id,report_part
9999,KS,2024,text,Hallen,hall,4
""",
    "carry_over_requests": """
organisation_id,board_id,fiscal_year,project_id,requested,scale,to_fiscal_year,report_part
9999,KS,2024,hall,25,1000,2025,5
""",
    "mandates": """
organisation_id,board_id,fiscal_year,project_id,mandated_cost,scale,report_part
9999,KS,2024,hall,80,1000,14
""",
    "investment_comments": """
organisation_id,board_id,fiscal_year,analysis_number,project_id,comment,report_part
9999,KS,2024,1,hall,Klart och billigare än beslutat.,7
""",
    "goal_areas": """
organisation_id,board_id,fiscal_year,goal_area_id,goal_area_number,goal_area_name,report_part
9999,KS,2023,core-services,1,Kärnverksamhet,8
9999,KS,2024,core-services,1,Kärnverksamhet,8
""",
    "goals": """
organisation_id,board_id,fiscal_year,goal_id,goal_number,goal_area_id,goal_name,council_goal,method,responsible_unit,report_part
9999,KS,2023,sick-leave,1,core-services,Snabb service,Nöjda invånare,Mätning varje månad.,Kansliet,8
9999,KS,2024,sick-leave,1,core-services,Snabb service,Nöjda invånare,Mätning varje månad.,Kansliet,8
""",
    "measures": """
organisation_id,board_id,fiscal_year,measure_id,goal_id,measure_number,measure_name,unit,direction_of_good,decimals,report_part
9999,KS,2023,response-time,sick-leave,1,Svarstid i dagar,count,lower,0,8
9999,KS,2024,response-time,sick-leave,1,Svarstid i dagar,count,lower,0,8
9999,KS,2024,sfi-two-courses,sick-leave,2,Andel nöjda,percent,higher,0,8
""",
    "measure_targets": """
organisation_id,board_id,fiscal_year,measure_id,comparator,target_value,report_part
9999,KS,2023,response-time,at_most,15,8
9999,KS,2024,response-time,at_most,9,8
9999,KS,2024,sfi-two-courses,above,40,8
""",
    "measure_outcomes": """
organisation_id,board_id,fiscal_year,measure_id,outcome_value,previous_value,change_from_previous,numerator,denominator,better_count,group_size,report_part
9999,KS,2023,response-time,12,,,,,,,8
9999,KS,2024,response-time,10,,,,,,,8
9999,KS,2024,sfi-two-courses,,,,30,60,,,8
""",
    "assignments": """
organisation_id,board_id,fiscal_year,assignment_id,assignment_number,assigned_by,heading,goal_area_id,assignment_name,follow_up,stated_status,amount,scale,reached_count,unit_count,report_part
9999,KS,2024,fees,1,council,Avgifter,,Se över avgifterna.,,,,,,,9
""",
    "programmes": """
organisation_id,board_id,fiscal_year,programme_id,programme_number,programme_name,aim,follow_up,report_part
9999,KS,2024,business,1,Näringsliv,Fler företag.,Två träffar har hållits.,10
""",
    "places": """
organisation_id,place,place_name,also_called,report_part
9999,askersund,Exempelby,,11
""",
    "indicators": """
organisation_id,board_id,indicator_id,indicator_name,unit,report_part
9999,KS,fibre-share,Hushåll med fiber,percent,11
""",
    "indicator_values": """
organisation_id,board_id,fiscal_year,indicator_id,place,value,scale,qualifier,report_part
9999,KS,2023,fibre-share,askersund,40.5,1,exact,11
9999,KS,2024,fibre-share,askersund,42,1,exact,11
""",
    "focus_areas": """
organisation_id,board_id,fiscal_year,focus_area_id,focus_area_number,focus_area_name,item_number,item_name,item_text,report_part
9999,KS,2025,business,1,Näringsliv,1,Företag,Fler företag.,15
""",
    "goal_levels": """
organisation_id,board_id,fiscal_year,level_number,level_name,decided_by,horizon,report_part
9999,KS,2025,1,Mål,Kommunfullmäktige,Ett år,15
""",
    "sick_leave": """
organisation_id,board_id,fiscal_year,staff_group,employees,scheduled_hours,absent_hours,long_term_hours,is_traceable,report_part
9999,KS,2024,all,80,128000,6400,1600,false,17
9999,KS,2024,women,69,110400.5,5520.25,1380,,17
9999,KS,2024,men,11,17599.5,879.75,220,,17
9999,KS,2024,age-to-29,10,16000,0,0,,17
9999,KS,2024,age-30-49,40,64000,3200,800,,17
9999,KS,2024,age-50-up,30,48000,3200,800,,17
""",
    "chapters": """
organisation_id,board_id,fiscal_year,chapter_number,chapter_name,section_number,section_name,section_text,report_part
9999,KS,2024,1,Översikt,1,Översikt,Ett år som andra.,16
""",
    "documents": """
document_id,organisation_id,board_id,fiscal_year,document_title,report_part
ks-2024-exempelby,9999,KS,2024,Exempelbys årsredovisning 2024,16
""",
    "statements": """
document_id,statement_number,section,subject,attribute,value,value_kind,unit,scale,qualifier,report_part
ks-2024-exempelby,1,Översikt,project/hall,finished_in,2024,year,,,exact,16
""",
    # a report of a board and year is searched for contradictions, and each one found must be known
    "declared_contradictions": """
organisation_id,board_id,fiscal_year,contradiction_id,reason,report_part
9999,KS,2024,overspending_unexplained/project/gustavslund,Uppgift saknas.,7
9999,KS,2024,variance_unexplained/operating/46,Uppgift saknas.,3
""",
    "printed_figures": """
document_id,printed_number,section,place,printed,unit,scale,sign,decimals,qualifier,figure_key,fiscal_year,allowed_difference,exemption,contradiction_id,report_part
ks-2024-exempelby,1,Översikt,Gymnasiet,-100,sek,1000,1,0,exact,operating/45/variance,,,,,2
""",
    "control_totals": """
organisation_id,board_id,fiscal_year,model_name,row_key,total_name,value,scale,basis,report_part
9999,KS,2024,fct_activity_variance,,actual_net,-4001,1000,printed,2
9999,KS,2024,fct_activity_variance,45,variance_net,-100,1000,printed,2
9999,TN,2024,fct_activity_variance,,actual_net,-1234567,1,printed,2
9999,KS,2024,fct_project_accumulation,gustavslund,forecast_variance,-700,1000,recomputed,6
""",
}

SECOND_YEAR: Mapping[str, str] = {
    "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
1882,KS,2025,10,Nämnder och styrelser,2
1882,KS,2025,45,Gymnasieskola,2
1882,KS,2025,93,Ny verksamhet,2
""",
    "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
1882,KS,2025,actual,10,net,-3100,1000,2
1882,KS,2025,actual,45,net,-80000,1000,2
1882,KS,2025,actual,93,net,-10,1000,2
1882,KS,2025,budget,10,net,-3000,1000,2
1882,KS,2025,budget,45,net,-80000,1000,2
""",
    "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,account_class,prior_actual,actual,budget,scale,report_part
1882,KS,2025,1,Intäkter,revenue,,,100,50,1000,1
1882,KS,2025,2,Kostnader,cost,,,-83210,-83050,1000,1
1882,KS,2025,3,varav personalkostnader,memo,personnel,,-43000,-43000,1000,1
1882,KS,2025,4,Resultat,result,,-186560,-83110,-83000,1000,1
""",
    "projects": """
organisation_id,board_id,fiscal_year,project_id,project_name,list_number,parent_project_id,status,first_fiscal_year,report_part
1882,KS,2025,gustavslund,Gustavslund etapp tre,1,,ongoing,,4
""",
    "project_amounts": """
organisation_id,board_id,fiscal_year,project_id,scenario,amount,scale,report_part
1882,KS,2025,gustavslund,actual,-500,1000,4
1882,KS,2025,gustavslund,budget,-400,1000,4
""",
    "project_totals": """
organisation_id,board_id,fiscal_year,project_id,cost_to_date,total_forecast,total_budget,scale,report_part
1882,KS,2025,gustavslund,-24482,-25500,-23400,1000,6
""",
    "goal_areas": """
organisation_id,board_id,fiscal_year,goal_area_id,goal_area_number,goal_area_name,report_part
1882,KS,2025,sound-financial-management,1,God ekonomi,8
""",
    "goals": """
organisation_id,board_id,fiscal_year,goal_id,goal_number,goal_area_id,goal_name,council_goal,method,responsible_unit,report_part
1882,KS,2025,employee-engagement,1,sound-financial-management,Engagemang,Bra arbetsgivare,Enkät.,HR,8
""",
    "measures": """
organisation_id,board_id,fiscal_year,measure_id,goal_id,measure_number,measure_name,unit,direction_of_good,decimals,report_part
1882,KS,2025,hme-index,employee-engagement,1,HME-index,index,higher,0,8
""",
    "measure_targets": """
organisation_id,board_id,fiscal_year,measure_id,comparator,target_value,report_part
1882,KS,2025,hme-index,at_least_previous,,8
""",
    "measure_outcomes": """
organisation_id,board_id,fiscal_year,measure_id,outcome_value,previous_value,change_from_previous,numerator,denominator,better_count,group_size,report_part
1882,KS,2025,hme-index,79,,,,,,,8
""",
}
