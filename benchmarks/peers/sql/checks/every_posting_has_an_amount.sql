select * from postings_summed where missing_amount_count > 0
