-- The role of processes that only answer questions (`churnd run --role serve`), on the primary or on a hot standby: it
-- reads. What people change through the API (cases, interventions, keys), and webhooks, need the role churn_run. An administrator or
-- churn_owner runs this after the first `churnd migrate`; later migrations need nothing more.
CREATE ROLE churn_serve LOGIN;
GRANT USAGE ON SCHEMA public TO churn_serve;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO churn_serve;
ALTER DEFAULT PRIVILEGES FOR ROLE churn_owner IN SCHEMA public GRANT SELECT ON TABLES TO churn_serve;
