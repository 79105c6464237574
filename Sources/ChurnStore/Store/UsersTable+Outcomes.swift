extension UsersTable {
    /// Returns the statement that makes customers ones that left or did not, as their newest outcome says and no later
    /// event contradicts.
    ///
    /// The version rises, so that a batch which read the customer before is folded again.
    ///
    /// - Parameter condition: which outcomes' customers, as a condition on `o`.
    func followOutcomes(where condition: String) -> String {
        """
        UPDATE users AS u SET churn_left_at = n.left_at, churn_version = u.churn_version + 1
        FROM (
            SELECT w.user_id, CASE WHEN w.has_churned AND NOT EXISTS (
                SELECT FROM event_log l WHERE l.user_id = w.user_id AND l.event_type IS NOT NULL
                    AND l.churn_probability IS NOT NULL AND l.event_timestamp > w.occurred_at
            ) THEN w.occurred_at END AS left_at
            FROM (
                SELECT DISTINCT ON (o.user_id) o.user_id, o.occurred_at, o.has_churned FROM outcomes o
                WHERE \(condition) ORDER BY o.user_id, o.occurred_at DESC
            ) AS w
        ) AS n
        WHERE u.\(self.id.quoted) = n.user_id AND u.churn_left_at IS DISTINCT FROM n.left_at
        """
    }
}
