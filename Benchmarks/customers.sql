-- Fills migrated tables with :predictions scored events of :predictions / 10 customers, spread over the last 24 hours.
--
--   psql -v predictions=1000000 -f Benchmarks/customers.sql URL
--
-- Three of a hundred events made a customer a customer at risk; of those a few thousand were acted on.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
INSERT INTO users (customerid, tenure, contract, monthlycharges, totalcharges, paymentmethod, techsupport,
    churn_probability, churn_band, churn_scored_at)
SELECT 'C-' || lpad(n::text, 7, '0'), n % 72, (ARRAY['Month-to-month', 'One year', 'Two year'])[1 + n % 3],
    20 + (n * 37::bigint % 10000) / 100.0, 100 + n % 5000, 'Mailed check', 'No', p,
    CASE WHEN p >= 0.85 THEN 'Critical' WHEN p > 0.7 THEN 'High' WHEN p > 0.4 THEN 'Medium' ELSE 'Low' END,
    now() - (n * 7919::bigint % 86400) * interval '1 second'
FROM (SELECT n, ((n * 7919::bigint % 99991) / 99991.0)::float4::float8 AS p
    FROM generate_series(0, :predictions / 10 - 1) AS n) AS u;
DROP INDEX event_log_user;
INSERT INTO event_log (event_id, stream_offset, event_timestamp, record_time, recorded_at, churn_probability,
    customer_version, stream_id, epoch, partition, is_alert, became_at_risk, user_id, event_type, event_data)
SELECT n, n, t, t, t, p, 1, 1, 0, 0, p > 0.7, p > 0.7 AND n % 10 = 0, u, 'contract_downgrade',
    jsonb_build_object('event_type', 'contract_downgrade', 'user_id', u, 'details', 'Switched to Month-to-month')
FROM (SELECT n, now() - (:predictions - n) * (interval '24 hours' / :predictions) AS t,
        ((n * 104729::bigint % 99991) / 99991.0)::float4::float8 AS p,
    'C-' || lpad((n * 7919::bigint % (:predictions / 10))::text, 7, '0') AS u
    FROM generate_series(1, :predictions) AS n) AS e;
CREATE INDEX event_log_user ON event_log (user_id, event_id);
UPDATE event_numbers SET next_event_id = :predictions + 1;
INSERT INTO alert_states (event_id, status, assignee, outcome, changed_by, changed_at, version)
SELECT event_id, (ARRAY['resolved', 'assigned', 'acknowledged'])[1 + event_id / 10 % 3],
    CASE WHEN event_id / 10 % 3 = 1 THEN 'agent ' || event_id / 30 % 20 END, NULL, 'agent', recorded_at, 1
FROM (SELECT event_id, recorded_at FROM event_log WHERE became_at_risk ORDER BY event_id DESC LIMIT 5000) AS a;
UPDATE event_log l SET is_taken = true FROM alert_states s WHERE s.event_id = l.event_id;
INSERT INTO intervention_log (customer_id, action_taken, log_timestamp, agent_id)
SELECT customerid, 'offer', churn_scored_at, 'agent' FROM users WHERE right(customerid, 1) = '0';
INSERT INTO shap_summary SELECT 'feature ' || n, n FROM generate_series(1, 20) AS n;
VACUUM ANALYZE users;
VACUUM ANALYZE event_log;
VACUUM ANALYZE alert_states;
VACUUM ANALYZE intervention_log;
