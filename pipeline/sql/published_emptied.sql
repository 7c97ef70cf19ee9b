-- Makes room in a copy of the former publication: for the parts that are made anew (`of_parts` is what their rows hold),
-- and for what each one says as a whole. Everything else follows from the ground, and is as it was.

DELETE FROM mart.response WHERE {of_parts};
DELETE FROM mart.revision WHERE {of_parts};
DELETE FROM mart.response_rate WHERE {of_parts};
DELETE FROM mart.answer WHERE {of_parts};
DELETE FROM mart.indicator WHERE {of_parts};
DELETE FROM mart.follow_up WHERE {of_parts};
DELETE FROM mart.check_failure WHERE {of_parts};
DELETE FROM mart.time_spent WHERE {of_parts};
DELETE FROM mart.counted_row WHERE {of_parts};
DELETE FROM mart.audit_result WHERE {of_parts};
DELETE FROM mart.audit_history WHERE {of_parts};

DELETE FROM mart.round;
DELETE FROM mart.figure_movement;
DELETE FROM mart.survey;
DELETE FROM mart.dead_letter;
DELETE FROM mart.dead_letter_count;
DELETE FROM mart.publication;
