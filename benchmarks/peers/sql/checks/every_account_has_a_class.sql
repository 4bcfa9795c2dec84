select * from postings_classified where account_kind is null
