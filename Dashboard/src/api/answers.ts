// The types of the server's answers for the Telco domain, written by a test from /openapi.json:
// CHURN_TEST_WRITE_DOCS=1 swift test --filter OpenAPITests

export type ActionOutcome = {
    actions: string[];
    caveats: string[];
    change: number;
    changes: Changes;
    churn_probability: number;
    cost: number;
    evidence: "model";
    expected_gain: number | null;
    expected_loss_after: number | null;
    expected_loss_before: number | null;
    label: string;
    months: number;
    text: string;
    value_at_risk_after: number | null;
    value_at_risk_before: number | null;
};

export type Analytics = {
    flow: {
        band: Band;
        customers: number;
        segment: string;
        stage: Stage;
    }[];
    life_cycle: {
        critical: number;
        high: number;
        low: number;
        medium: number;
        stage: Stage;
    }[];
    risk_profile: ({
        band: Band;
        customers: number;
        dominant_segment: string | null;
        mean_tenure: number | null;
        mean_value: number | null;
    })[];
};

export type AuditEntry = {
    action: string;
    actor: string;
    detail: string | null;
    entry_id: number;
    subject: string | null;
    time: string;
};

export type Band = "Critical" | "High" | "Medium" | "Low";

export type Case = {
    alert_id: number;
    assignee: string | null;
    at_risk_now: boolean;
    changed_at: string | null;
    changed_by: string | null;
    churn_probability: number;
    churn_probability_now: number | null;
    churn_risk: Band;
    churn_risk_now: Band | null;
    customer_id: string;
    event_timestamp: string;
    event_type: string;
    left_at: string | null;
    outcome: string | null;
    prediction_timestamp: string | null;
    raised_at: string;
    reason: string | null;
    snoozed_until: string | null;
    standing: CaseStanding | null;
    status: CaseStatus;
    version: number;
};

export type CaseAgent = string | null;

export type CaseChange = {
    assignee: string | null;
    changed_at: string;
    changed_by: string;
    from_status: CaseStatus;
    log_id?: number;
    outcome: string | null;
    snoozed_until: string | null;
    to_status: CaseStatus;
    version: number;
};

export type CaseHistory = {
    alert_id: number;
    items: CaseChange[];
    next_before: number | null;
};

export type CasePage = {
    alerts: Case[];
    counts: {
        acknowledged: number;
        assigned: number;
        open: number;
        resolved: number;
        snoozed: number;
    };
    next_before: number | null;
    open_count_is_capped: boolean;
};

export type CaseStanding = "at_risk" | "recovered" | "left";

export type CaseStatus = "open" | "acknowledged" | "assigned" | "snoozed" | "resolved";

export type CaseVersion = number;

export type Changes = {
    contract?: string | null;
    dependents?: string | null;
    deviceprotection?: string | null;
    gender?: string | null;
    internetservice?: string | null;
    monthlycharges?: number | null;
    multiplelines?: string | null;
    onlinebackup?: string | null;
    onlinesecurity?: string | null;
    paperlessbilling?: string | null;
    partner?: string | null;
    paymentmethod?: string | null;
    phoneservice?: string | null;
    seniorcitizen?: number | null;
    streamingmovies?: string | null;
    streamingtv?: string | null;
    techsupport?: string | null;
    tenure?: number | null;
    totalcharges?: number | null;
};

export type Component = {
    advice?: string;
    reason?: string;
    status: "healthy" | "starting" | "degraded" | "failing";
};

export type CustomerEvent = {
    churn_probability: number | null;
    event_data: Record<string, unknown>;
    event_id: number;
    event_timestamp: string;
    event_type: string;
    user_id: string;
};

export type CustomerID = string | number;

export type CustomerRecord = {
    details: {
        at_risk: boolean;
        churn_probability: number | null;
        churn_risk: Band | null;
        contract: string | null;
        customerid: string;
        dependents: string | null;
        deviceprotection: string | null;
        gender: string | null;
        internetservice: string | null;
        last_activity: string | null;
        left_at: string | null;
        monthlycharges: number | null;
        multiplelines: string | null;
        onlinebackup: string | null;
        onlinesecurity: string | null;
        paperlessbilling: string | null;
        partner: string | null;
        paymentmethod: string | null;
        phoneservice: string | null;
        prediction_timestamp: string | null;
        seniorcitizen: number | null;
        streamingmovies: string | null;
        streamingtv: string | null;
        techsupport: string | null;
        tenure: number | null;
        totalcharges: number | null;
        version: number;
    };
    intervention_log: Intervention[];
    recent_events: CustomerEvent[];
    recommended_actions: ActionOutcome[];
    scored_by: string | null;
};

export type Delivery = {
    alert_id: number | null;
    attempted_at: string | null;
    attempts: number;
    created_at: string;
    delivery_id: number;
    delivery_key: string;
    error: string | null;
    finished_at: string | null;
    http_status: number | null;
    status: "pending" | "delivered" | "failed";
    webhook: string;
};

export type Domain = {
    actions: {
        id: string;
        title: string;
    }[];
    alert_policy: {
        cool_down_seconds: number | null;
        enter: number;
        exit: number;
        threshold: number;
    };
    alert_threshold: number;
    bands: {
        band: Band;
        from: number;
        includes_from: boolean;
    }[];
    columns: ({
        categories: string[];
        column: string;
        immutable: boolean;
        label: string;
        maximum: number | null;
        minimum: number | null;
        name: string;
        type: "numeric" | "categorical" | "boolean";
    })[];
    currency: {
        code: string | null;
        decimals: number;
        symbol: string | null;
    };
    event_types: string[];
    id_column: string;
    name: string;
    segment_column: string;
    tenure_column: string | null;
    update_fields: {
        column: string;
        name: string;
    }[];
    value_column: string | null;
};

export type ExternalFrame = {
    external: unknown;
    payload: Record<string, unknown>;
    type: string;
};

export type FeatureChanges = {
    contract?: "Month-to-month" | "One year" | "Two year" | null;
    dependents?: "No" | "Yes" | null;
    deviceprotection?: "No" | "No internet service" | "Yes" | null;
    internetservice?: "DSL" | "Fiber optic" | "No" | null;
    monthlycharges?: number | null;
    multiplelines?: "No" | "No phone service" | "Yes" | null;
    onlinebackup?: "No" | "No internet service" | "Yes" | null;
    onlinesecurity?: "No" | "No internet service" | "Yes" | null;
    paperlessbilling?: "No" | "Yes" | null;
    partner?: "No" | "Yes" | null;
    paymentmethod?: "Bank transfer (automatic)" | "Credit card (automatic)" | "Electronic check" | "Mailed check" | null;
    phoneservice?: "No" | "Yes" | null;
    seniorcitizen?: number | null;
    streamingmovies?: "No" | "No internet service" | "Yes" | null;
    streamingtv?: "No" | "No internet service" | "Yes" | null;
    techsupport?: "No" | "No internet service" | "Yes" | null;
    tenure?: number | null;
    totalcharges?: number | null;
};

export type Features = {
    contract?: "Month-to-month" | "One year" | "Two year" | null;
    dependents?: "No" | "Yes" | null;
    deviceprotection?: "No" | "No internet service" | "Yes" | null;
    gender?: "Female" | "Male" | null;
    internetservice?: "DSL" | "Fiber optic" | "No" | null;
    monthlycharges?: number | null;
    multiplelines?: "No" | "No phone service" | "Yes" | null;
    onlinebackup?: "No" | "No internet service" | "Yes" | null;
    onlinesecurity?: "No" | "No internet service" | "Yes" | null;
    paperlessbilling?: "No" | "Yes" | null;
    partner?: "No" | "Yes" | null;
    paymentmethod?: "Bank transfer (automatic)" | "Credit card (automatic)" | "Electronic check" | "Mailed check" | null;
    phoneservice?: "No" | "Yes" | null;
    seniorcitizen?: number | null;
    streamingmovies?: "No" | "No internet service" | "Yes" | null;
    streamingtv?: "No" | "No internet service" | "Yes" | null;
    techsupport?: "No" | "No internet service" | "Yes" | null;
    tenure?: number | null;
    totalcharges?: number | null;
};

export type Intervention = {
    action_id?: string;
    action_taken: string;
    agent_id: string;
    alert_id?: number;
    customer_id: string;
    description: string | null;
    intervention_type: string | null;
    log_id: number;
    log_timestamp: string;
    prediction_id?: number;
};

export type KPIs = {
    at_risk_customers: number | null;
    churn_by_segment: {
        contract: string;
        count: number;
    }[];
    churn_trend: {
        avg_prob: number;
        hour: string;
        scores: number;
    }[];
    critical_risk_customers: number;
    customer_trend: {
        customers: number;
        hour: string;
        mean_probability: number;
        scores: number;
    }[];
    high_risk_customers: number;
    low_risk_customers: number;
    medium_risk_customers: number;
    mrr_at_risk: MoneyAtRisk | null;
    overall_avg_churn_probability: number | null;
    total_active_customers: number;
    yesterday: {
        at_risk_customers: number | null;
        critical_risk_customers: number;
        high_risk_customers: number;
        low_risk_customers: number;
        medium_risk_customers: number;
        mrr_at_risk: MoneyAtRisk | null;
        overall_avg_churn_probability: number | null;
        time: string;
        total_active_customers: number;
    } | null;
};

export type LoggedAlert = {
    became_at_risk: boolean;
    churn_probability: number | null;
    churn_risk: Band | null;
    contract_type: string | null;
    customer_id: string;
    event_timestamp: string;
    event_type: string;
    id: number;
    monthly_charges: number | null;
    techsupport: string | null;
    tenure: number | null;
    total_charges: number | null;
};

export type LoggedEvent = {
    became_at_risk: boolean;
    churn_probability: number | null;
    event_data: Record<string, unknown>;
    event_id: number;
    event_timestamp: string;
    event_type: string;
    is_alert: boolean;
    user_id: string;
};

export type Model = {
    canary_share: number;
    changed_at: string | null;
    domain: string;
    library: string;
    metrics: Record<string, number>;
    registered_at: string | null;
    registered_by: string | null;
    role: "champion" | "challenger" | "archived";
    status: "serving" | "registered";
    training: {
        positives: number;
        rows: number;
        trees: number;
    };
    version: string;
};

export type ModelHealth = {
    challenger: {
        alert_disagreement_share: number | null;
        alerts_challenger: number;
        alerts_champion: number;
        disagreement_share: number | null;
        judged: {
            auc_challenger: number | null;
            auc_champion: number | null;
            auc_difference: {
                lower: number;
                upper: number;
                value: number;
            } | null;
            brier_challenger: number;
            brier_champion: number;
            brier_difference: {
                lower: number;
                upper: number;
                value: number;
            } | null;
            customers: number;
            positives: number;
        } | null;
        mean_difference: number | null;
        model_version: string;
        scored: number;
    } | null;
    drift: {
        features: ({
            feature: string;
            ks: number | null;
            psi: number;
            status: "stable" | "warning" | "alarm" | "insufficient";
        })[];
        rows: number;
        scores: {
            ks: number | null;
            psi: number | null;
            status: "stable" | "warning" | "alarm" | "insufficient";
        };
        since: string | null;
    };
    drift_episodes: ({
        began_at: string;
        columns: string[];
        drift_id: number;
        ended_at: string | null;
        model_version: string;
        window: "hour" | "day" | "month";
    })[];
    models: ({
        auc: number | null;
        brier: number | null;
        by_day: ({
            auc: number | null;
            brier: number | null;
            day: string;
            outcomes: number;
        })[];
        calibration: {
            count: number;
            observed: number;
            predicted: number;
        }[];
        calibration_error: number | null;
        lift_top_decile: number | null;
        model_version: string;
        outcomes: number;
        positives: number;
        role: "champion" | "challenger" | "archived" | null;
        scored: number;
    })[];
    outcomes: {
        horizon_seconds: number;
        in_future: number;
        judged: number;
        lead_seconds: number;
        since: string;
        too_old: number;
        without_score: number;
    } | null;
    thresholds: {
        ks_alarm: number;
        ks_warning: number;
        minimum_rows: number;
        psi_alarm: number;
        psi_warning: number;
    };
    windows: ({
        columns: ({
            feature: string;
            ks: number | null;
            psi: number;
            status: "stable" | "warning" | "alarm" | "insufficient";
        })[];
        rows: number;
        since: string;
        window: "hour" | "day" | "month";
    })[];
};

export type MoneyAtRisk = number;

export type NewAcknowledgement = {
    agent?: CaseAgent;
    version: CaseVersion;
};

export type NewAssignment = {
    agent?: CaseAgent;
    assignee: string;
    version: CaseVersion;
};

export type NewFrame = {
    payload: Record<string, unknown>;
    type: string;
};

export type NewIntervention = {
    action: string;
} | {
    action_id: string;
} | {
    intervention_type: string;
} | {
    description: string;
};

export type NewReopening = {
    agent?: CaseAgent;
    version: CaseVersion;
};

export type NewResolution = {
    agent?: CaseAgent;
    outcome: string;
    version: CaseVersion;
};

export type NewSnooze = {
    agent?: CaseAgent;
    until: number | string;
    version: CaseVersion;
};

export type Problem = {
    changed_at?: string;
    changed_by?: string;
    code: string;
    detail: string;
    errors?: ({
        detail: string;
        in: "query" | "body";
        name: string;
    })[];
    request_id: string;
    status: number;
    title: string;
    type: "about:blank";
};

export type Readiness = {
    components: Record<string, Component>;
    status: "ready" | "not ready";
};

export type Rescore = {
    run: {
        done: number;
        ended_at: string | null;
        model_version: string;
        reason: string | null;
        requested_at: string;
        requested_by: string;
        run_id: number;
    } | null;
};

export type Score = {
    churn_probability: number | null;
    churn_risk: Band | null;
    customer_id: string | null;
    error: "customer_not_found" | null;
    model_version: string | null;
};

export type ScoreChange = {
    from_margin: number | null;
    from_probability: number;
    reasons: ({
        changed: boolean;
        contribution: number;
        feature: string;
        from: string | number | boolean | null;
        text: string;
        to: string | number | boolean | null;
    })[];
    text: string;
    to_margin: number | null;
    to_probability: number;
};

export type ScoreRequest = {
    customer_id: CustomerID;
} | {
    customer_ids: CustomerID[];
} | {
    features: Features | Features[];
};

export type Stage = "New" | "Early" | "Mid" | "Mature";

export type TimelineEntry = {
    action_id?: string;
    action_taken?: string;
    agent_id?: string;
    alert_id?: number;
    assignee?: string | null;
    changed_by?: string;
    churn_probability?: number | null;
    customer_id?: string;
    description?: string | null;
    event_data?: Record<string, unknown>;
    event_id?: number;
    event_type?: string;
    from_status?: CaseStatus;
    intervention_type?: string | null;
    kind: "event" | "score" | "intervention" | "case_step";
    log_id?: number;
    log_timestamp?: string;
    outcome?: string | null;
    prediction_id?: number;
    score_change?: ScoreChange;
    snoozed_until?: string | null;
    time: string;
    to_status?: CaseStatus;
    version?: number;
};

export type TopReasons = {
    alerts: number;
    reasons: {
        alerts: number;
        feature: string;
    }[];
    since: string;
};

export type WatchlistCustomer = {
    at_risk: boolean;
    churn_risk: Band | null;
    contract: string | null;
    customerid: string;
    dependents: string | null;
    deviceprotection: string | null;
    gender: string | null;
    internetservice: string | null;
    last_activity: string | null;
    monthlycharges: number | null;
    multiplelines: string | null;
    onlinebackup: string | null;
    onlinesecurity: string | null;
    paperlessbilling: string | null;
    partner: string | null;
    paymentmethod: string | null;
    phoneservice: string | null;
    risk_score: number | null;
    seniorcitizen: number | null;
    streamingmovies: string | null;
    streamingtv: string | null;
    techsupport: string | null;
    tenure: number | null;
    totalcharges: number | null;
};

export type WhatIfRequest = {
    actions?: ("offer_one_year_contract" | "offer_two_year_contract" | "offer_tech_support" | "offer_online_security" | "help_enable_autopay" | "offer_discount")[] | null;
    changes?: FeatureChanges | null;
    customer_id: CustomerID;
};

/** The answer of each operation. */
export interface Answers {
    acknowledgeAlert: Case;
    alert: Case;
    alertChanges: CaseHistory;
    alertHistory: LoggedAlert[];
    alerts: CasePage;
    analytics: Analytics;
    assignAlert: Case;
    audit: {
        entries: AuditEntry[];
    };
    broadcastEvent: {
        status: "success";
    };
    customer: CustomerRecord;
    dashboardKPIs: KPIs;
    domain: Domain;
    eventHistory: LoggedEvent[];
    explanation: {
        base_margin: number;
        churn_probability: number;
        churn_risk: Band;
        customer_id: string;
        margin: number;
        model_version: string;
        reasons: ({
            contribution: number;
            feature: string;
            text: string;
            value: string | number | boolean | null;
        })[];
        text: string;
    };
    live: {
        status: "live";
    };
    me: {
        may_work: boolean;
        name: string | null;
        roles: string[];
    };
    modelHealth: ModelHealth;
    models: {
        models: Model[];
    };
    openapi: {
        info: Record<string, unknown>;
        openapi: string;
        paths: Record<string, unknown>;
    };
    ready: Readiness;
    reopenAlert: Case;
    rescore: Rescore;
    resolveAlert: Case;
    score: {
        model_version: string;
        scores: Score[];
    };
    scoreChanges: {
        customer_id: string;
        items: ({
            event_id: number;
            event_timestamp: string;
            event_type: string;
            from_margin: number | null;
            from_probability: number;
            reasons: ({
                changed: boolean;
                contribution: number;
                feature: string;
                from: string | number | boolean | null;
                text: string;
                to: string | number | boolean | null;
            })[];
            text: string;
            to_margin: number | null;
            to_probability: number;
        })[];
    };
    shapSummary: ({
        feature: string;
        importance: number;
        model_version: string | null;
    })[];
    simulate: {
        actions: ActionOutcome[];
        churn_probability: number;
        customer_id: string;
        model_version: string;
        reach_known: boolean;
        scenario?: ActionOutcome;
        value: number | null;
    };
    snoozeAlert: Case;
    startRescore: Rescore;
    timeline: {
        customer_id: string;
        entries: TimelineEntry[];
        next_before: string | null;
    };
    topReasons: TopReasons;
    updateChurnRisk: {
        data_broadcasted: ExternalFrame;
        status: "success";
    };
    watchlist: {
        next_after: string | null;
        total_pages: number;
        total_users: number;
        users: WatchlistCustomer[];
    };
    webhookDeliveries: {
        deliveries: Delivery[];
        next_before: number | null;
    };
}
