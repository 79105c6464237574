-- The role of processes that score (`churnd run`, `score`, `import`, `dead-letters`, `prune`): rows, no tables. An
-- administrator or churn_owner runs this after the first `churnd migrate`; later migrations need nothing more.
CREATE ROLE churn_run LOGIN;
GRANT USAGE ON SCHEMA public TO churn_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO churn_run;
ALTER DEFAULT PRIVILEGES FOR ROLE churn_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO churn_run;
REVOKE INSERT, UPDATE, DELETE ON churn_migrations FROM churn_run;
