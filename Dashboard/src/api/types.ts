// The shapes of the API's answers, as /openapi.json describes them.

export type Band = "Critical" | "High" | "Medium" | "Low";
export const bands: readonly Band[] = ["Critical", "High", "Medium", "Low"];

export type Value = string | number | boolean | null;

export interface DomainColumn {
    column: string;
    /** The feature's name in the model. */
    name?: string;
    label: string;
    type: "numeric" | "categorical" | "boolean";
    categories: string[];
    minimum?: number | null;
    maximum?: number | null;
    immutable?: boolean;
}

export interface Domain {
    name: string;
    id_column: string;
    segment_column: string;
    value_column: string | null;
    tenure_column?: string | null;
    currency?: { code: string | null; symbol: string | null; decimals: number };
    columns: DomainColumn[];
    bands: { band: Band; from: number; includes_from: boolean }[];
    alert_threshold: number;
    alert_policy?: { threshold: number; enter: number; exit: number; cool_down_seconds: number | null };
    actions: { id: string; title: string }[];
    event_types: string[];
    update_fields: { name: string; column: string }[];
}

export interface BandCounts {
    critical_risk_customers: number;
    high_risk_customers: number;
    medium_risk_customers: number;
    low_risk_customers: number;
    total_active_customers: number;
    at_risk_customers?: number | null;
    mrr_at_risk: number | null;
    overall_avg_churn_probability: number | null;
}

export interface Kpis extends BandCounts {
    churn_trend: { hour: string; avg_prob: number | null; scores?: number }[];
    customer_trend?: { hour: string; mean_probability: number; customers: number; scores: number }[];
    churn_by_segment: ({ count: number } & Record<string, Value>)[];
    yesterday?: BandCounts | null;
}

export interface WatchedCustomer extends Record<string, Value | undefined> {
    risk_score: number | null;
    churn_risk: Band | null;
    last_activity: string | null;
    at_risk?: boolean;
}

export interface Watchlist {
    users: WatchedCustomer[];
    total_pages: number;
    total_users: number;
}

export interface Reason {
    feature: string;
    value?: Value;
    contribution: number;
    text: string;
}

export interface Explanation {
    customer_id: string;
    churn_probability: number;
    model_version: string;
    base_margin: number;
    margin: number;
    reasons: Reason[];
    text: string;
}

export interface ScoreChange {
    event_id: number;
    event_type: string;
    event_timestamp: string;
    from_probability: number | null;
    to_probability: number;
    reasons: { feature: string; from: Value; to: Value; contribution: number; text: string }[];
    text: string;
}

export interface Outcome {
    actions: string[];
    label: string;
    changes: Record<string, Value>;
    churn_probability: number;
    change: number;
    expected_loss_before?: number | null;
    expected_loss_after?: number | null;
    value_at_risk_before: number | null;
    value_at_risk_after: number | null;
    expected_gain?: number | null;
    cost?: number;
    months?: number;
    evidence?: "model";
    caveats?: string[];
    text: string;
}

export interface TopReasons {
    since: string;
    alerts: number;
    reasons: { feature: string; alerts: number }[];
}

export interface WhatIfAnswer {
    customer_id: string;
    churn_probability: number;
    model_version: string;
    value: number | null;
    reach_known?: boolean;
    scenario?: Outcome;
    actions: Outcome[];
}

export interface Intervention {
    log_id: number;
    customer_id: string;
    action_taken: string;
    log_timestamp: string;
    agent_id: string;
    intervention_type?: string | null;
    description?: string | null;
    action_id?: string;
    alert_id?: number;
    prediction_id?: number;
}

export interface StoredEvent {
    event_id: number;
    user_id: string;
    event_type: string;
    event_timestamp: string;
    event_data: unknown;
    churn_probability: number | null;
    is_alert?: boolean;
}

export interface CustomerDetails extends Record<string, Value | undefined> {
    churn_probability: number | null;
    churn_risk: Band | null;
    prediction_timestamp: string | null;
    at_risk: boolean;
    left_at: string | null;
}

export interface CustomerRecord {
    details: CustomerDetails;
    intervention_log: Intervention[];
    recent_events: StoredEvent[];
    recommended_actions?: Outcome[];
}

export interface TimelineEntry {
    time: string;
    kind: "event" | "score" | "intervention" | "case_step";
    event_type?: string;
    churn_probability?: number | null;
    action_taken?: string;
    agent_id?: string;
    alert_id?: number;
    version?: number;
    changed_by?: string;
    from_status?: CaseStatus;
    to_status?: CaseStatus;
}

export interface Timeline {
    customer_id: string;
    entries: TimelineEntry[];
    next_before: string | null;
}

export interface Importance {
    feature: string;
    importance: number;
    model_version: string | null;
}

export interface Analytics {
    life_cycle: { stage: string; critical: number; high: number; medium: number; low: number }[];
    risk_profile: {
        band: Band; customers: number; mean_tenure: number | null; mean_value: number | null;
        dominant_segment: string | null;
    }[];
    flow: { stage: string; segment: string; band: Band; customers: number }[];
}

export type DriftStatus = "stable" | "warning" | "alarm" | "insufficient";

export type DriftWindow = "hour" | "day" | "month";

/** Challenger less champion, with its 95 % interval. */
export interface Difference {
    value: number;
    lower: number;
    upper: number;
}

export interface ModelHealth {
    models: {
        model_version: string; role: string | null; scored: number; outcomes: number; auc: number | null;
        brier: number | null; calibration_error: number | null; lift_top_decile: number | null;
        calibration: { predicted: number; observed: number; count: number }[];
        by_day: { day: string; outcomes: number; auc: number | null; brier: number | null }[];
    }[];
    drift: {
        since: string | null; rows: number;
        features: { feature: string; psi: number | null; ks: number | null; status: DriftStatus }[];
        scores: { psi: number | null; ks: number | null; status: DriftStatus } | null;
    } | null;
    thresholds: { psi_warning: number; psi_alarm: number; ks_warning: number; ks_alarm: number } | null;
    challenger: {
        model_version: string; scored: number; mean_difference: number | null; disagreement_share: number | null;
        alerts_champion: number; alerts_challenger: number;
        judged?: {
            customers: number; positives: number; auc_champion: number | null; auc_challenger: number | null;
            auc_difference: Difference | null; brier_difference: Difference | null;
        } | null;
    } | null;
    windows?: {
        window: DriftWindow; since: string; rows: number;
        columns: { feature: string; psi: number | null; ks: number | null; status: DriftStatus }[];
    }[];
    drift_episodes?: {
        drift_id: number; model_version: string; columns: string[]; window: DriftWindow; began_at: string;
        ended_at: string | null;
    }[];
    outcomes?: {
        since: string; lead_seconds: number; judged: number; too_old: number; without_score: number;
        in_future: number;
    } | null;
}

export interface Rescore {
    run: {
        run_id: number; model_version: string; done: number; requested_at: string; ended_at: string | null;
        reason: string | null;
    } | null;
}

export interface Models {
    models: {
        version: string; status?: string; role?: string; library?: string; registered_at?: string | null;
        registered_by?: string | null; training?: { rows: number; positives: number; trees: number };
        metrics?: Record<string, number>;
    }[];
}

export type CaseStatus = "open" | "acknowledged" | "assigned" | "snoozed" | "resolved";
export const caseStatuses: readonly CaseStatus[] = ["open", "acknowledged", "assigned", "snoozed", "resolved"];

export type CaseStanding = "at_risk" | "recovered" | "left";

export interface CustomerCase {
    alert_id: number;
    customer_id: string;
    /** The feature that raised the score most. */
    reason?: string | null;
    event_type: string;
    event_timestamp: string;
    raised_at: string;
    churn_probability: number;
    churn_risk: Band;
    /** The customer's latest score; churn_probability is that of the case. */
    churn_probability_now: number | null;
    churn_risk_now: Band | null;
    prediction_timestamp: string | null;
    at_risk_now: boolean;
    standing: CaseStanding | null;
    left_at: string | null;
    status: CaseStatus;
    assignee: string | null;
    snoozed_until: string | null;
    outcome: string | null;
    changed_by: string | null;
    changed_at: string | null;
    version: number;
}

export interface CaseChange {
    version: number;
    changed_at: string;
    changed_by: string;
    from_status: CaseStatus;
    to_status: CaseStatus;
    assignee: string | null;
    snoozed_until: string | null;
    outcome: string | null;
    /** The intervention that was the step. */
    log_id?: number;
}

export interface CaseHistory {
    alert_id: number;
    items: CaseChange[];
    next_before: number | null;
}

export interface CasePage {
    alerts: CustomerCase[];
    next_before: number | null;
    counts: Record<CaseStatus, number>;
    open_count_is_capped: boolean;
}

/** Who has signed in. */
export interface Me {
    name: string | null;
    roles: string[];
    may_work: boolean;
}
