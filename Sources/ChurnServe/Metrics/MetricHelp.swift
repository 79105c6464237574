/// What each metric says: the lines of help that scrapers show.
///
/// swift-metrics has no place for them where an instrument is made, so that they stand here, by the name that is shown.
enum MetricHelp {
    /// The text of a metric; its own name in words where it has none here.
    static func text(of name: String) -> String {
        self.texts[name] ?? name.split(separator: "_").joined(separator: " ")
    }

    static let texts = [
        // The pipeline
        "churn_alerts_total": "Scores above the alert threshold that became durable.",
        "churn_batch_duration_seconds": "Time that a stage of the pipeline took for a batch.",
        "churn_batch_events": "Events in a batch.",
        "churn_event_to_durable_seconds": "From an event's record time until its score was committed.",
        "churn_event_to_frame_seconds": "From an event's record time until its frame was handed to the sockets.",
        "churn_events_accepted_total": "Events whose scores became durable.",
        "churn_events_duplicate_total": "Events that had come before.",
        "churn_events_rejected_total": "Records that became dead letters, by reason.",
        "churn_last_event_age_seconds": "Age of the newest record that this process has made durable.",
        "churn_retry_total": "Attempts that failed and were made again, by stage and error code.",
        "churn_write_conflicts_total":
            "Batches that were prepared again since another program changed their customers.",
        "churn_write_fenced_total": "Batches that were refused since another writer had been faster.",
        "churn_component_health":
            "Health of a component of the process: 1 healthy, 0.5 degraded, 0 starting or failing.",
        // The source
        "churn_kafka_brokers_up": "Brokers to which there is a connection.",
        "churn_kafka_fetch_queue": "Records that librdkafka has fetched and not handed over.",
        "churn_kafka_received_bytes": "Bytes that came from the brokers since the client began.",
        "churn_source_commits_failed_total": "Commits of offsets to the group that failed.",
        "churn_source_gap_offsets_total":
            "Offsets that are missing between records, such as those that retention took.",
        "churn_source_lag": "Records of a partition that are not yet durable.",
        "churn_source_partitions_stopped": "Partitions whose reading has stopped.",
        "churn_source_prefetch_bytes": "Bytes of records that were read ahead.",
        "churn_source_prefetch_records": "Records that were read ahead.",
        "churn_source_rebalances_total": "Changes of the partitions that this process reads, by kind.",
        // Models
        "churn_canary_fallbacks_total":
            "Customers of the canary whom the champion scored, since the challenger failed.",
        "churn_challenger_alerts": "Share of scores that are alerts, by role.",
        "churn_challenger_disagreement": "Share of scores that are in another band by the challenger.",
        "churn_model_auc": "Area under the ROC curve over outcomes that are known, by role.",
        "churn_model_brier": "Mean squared error of the probability over outcomes that are known, by role.",
        "churn_model_calibration_error": "Expected calibration error over outcomes that are known, by role.",
        "churn_model_drift_ks": "Kolmogorov-Smirnov distance of a feature's values from those of the training.",
        "churn_model_drift_psi": "Population stability index of a feature's values against those of the training.",
        "churn_model_lift": "Lift of the tenth with the highest scores, by role.",
        "churn_model_load_duration_seconds": "Time that loading a model took.",
        "churn_model_missing_values_total": "Values that were missing in scored customers, by feature.",
        "churn_model_outcomes": "Outcomes that the figures of quality rest on, by role.",
        "churn_model_reloads_total": "Models that were loaded or refused, by outcome.",
        "churn_model_unknown_categories_total": "Values of scored customers that the model has not seen, by feature.",
        "churn_shadow_failures_total": "Batches that the challenger could not score in the shadow.",
        "churn_shadow_scored_total": "Events that the challenger scored in the shadow.",
        "churn_watch_dropped_total": "Scores that did not fit the queue of the model's health and are not in it.",
        "churn_watch_write_failures_total": "Writes of the model's health that failed.",
        // Serving
        "churn_http_connections": "Open connections of any kind.",
        "churn_http_connections_refused_total": "Connections that were not taken, by reason.",
        "churn_http_duration_seconds": "Time until a request was answered, by route.",
        "churn_http_refused_total": "Requests that were refused from their head.",
        "churn_http_requests_total": "Requests that were answered, by route and status.",
        "churn_metrics_dropped_series_total": "Series that were dropped since there were too many.",
        "churn_projection_bytes": "Memory that the customers of the projection take.",
        "churn_projection_customers": "Customers in the projection.",
        "churn_projection_lag_seconds": "From a commit until the projection showed it.",
        "churn_projection_load_duration_seconds": "Time that reading all customers took.",
        "churn_updates_found_in_log_total": "Updates that other processes committed and the log brought.",
        "churn_updates_log_pages_total": "Pages of the update log that were read.",
        "churn_updates_published_total": "Updates that were handed to the hub, by outcome.",
        "churn_webhook_attempts_total": "Attempts to deliver to a webhook, by outcome.",
        "churn_webhook_unreadable_total": "Updates of which no message to a webhook could be made.",
        "churn_ws_closed_total": "WebSockets that ended, by close code.",
        "churn_ws_connections": "Open WebSockets.",
        "churn_ws_frames_total": "Frames that were handed to the sockets.",
    ]
}
