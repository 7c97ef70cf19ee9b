-- What the former publication says of the parts that are not made anew.
INSERT INTO mart.response FROM former.response ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.revision FROM former.revision ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.response_rate FROM former.response_rate ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.answer FROM former.answer ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.indicator FROM former.indicator ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.follow_up FROM former.follow_up ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.check_failure FROM former.check_failure ANTI JOIN built_part USING (survey, year);

INSERT INTO mart.counted_row FROM former.counted_row ANTI JOIN built_part USING (survey, year);
