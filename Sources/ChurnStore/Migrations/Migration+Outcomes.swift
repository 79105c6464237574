extension Migration {
    // The score of the event that reports an outcome, and all that are made after it, know the outcome: by the event's
    // number they are distinguished from those that predicted it. The index is for deleting old days.
    static let outcomeEvents = Migration(
        number: 18, name: "outcomes that events tell",
        sql: """
            ALTER TABLE outcomes ADD COLUMN event_id bigint;
            CREATE INDEX shadow_scores_day ON shadow_scores (day);
            """)
}
