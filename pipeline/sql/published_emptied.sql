-- Makes room in a copy of the former publication: for the parts that are made anew, and for what each one says as a whole.
-- Everything else follows from the ground, and is as it was.

DELETE FROM mart.response USING built_part b WHERE response.survey = b.survey AND response.year = b.year;

DELETE FROM mart.revision USING built_part b WHERE revision.survey = b.survey AND revision.year = b.year;

DELETE FROM mart.response_rate USING built_part b WHERE response_rate.survey = b.survey AND response_rate.year = b.year;

DELETE FROM mart.answer USING built_part b WHERE answer.survey = b.survey AND answer.year = b.year;

DELETE FROM mart.indicator USING built_part b WHERE indicator.survey = b.survey AND indicator.year = b.year;

DELETE FROM mart.follow_up USING built_part b WHERE follow_up.survey = b.survey AND follow_up.year = b.year;

DELETE FROM mart.check_failure USING built_part b WHERE check_failure.survey = b.survey AND check_failure.year = b.year;

DELETE FROM mart.time_spent USING built_part b WHERE time_spent.survey = b.survey AND time_spent.year = b.year;

DELETE FROM mart.counted_row USING built_part b WHERE counted_row.survey = b.survey AND counted_row.year = b.year;

DELETE FROM mart.round;

DELETE FROM mart.figure_movement;

DELETE FROM mart.survey;

DELETE FROM mart.audit_result;

DELETE FROM mart.audit_history;

DELETE FROM mart.dead_letter;

DELETE FROM mart.dead_letter_count;

DELETE FROM mart.publication;
