import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf } from "../src/api/failure";
import type { TimelineEntry } from "../src/api/types";
import { readFrame } from "../src/live/frames";
import { pointsOf } from "../src/pages/customer/ScoreTimeline";

const read = (type: string, payload: object, more: object = {}) =>
    readFrame(JSON.stringify({ type, payload, ...more }), 0);

test("steps about cases, interventions and ended snoozes are notes about a customer", () => {
    for (const type of ["case_step", "case_due", "intervention_logged"]) {
        const frame = read(type, { alert_id: 7, customer_id: "a", changed_by: "Lee" });
        assert.ok(frame.kind === "note");
        assert.deepEqual([frame.note.type, frame.note.customer_id, frame.note.alert_id], [type, "a", 7]);
    }
    const free = read("intervention_logged", { customer_id: "a", alert_id: null });
    assert.ok(free.kind === "note" && free.note.alert_id === null);
    assert.equal(read("case_step", { alert_id: 7 }).kind, "unknown");
    assert.equal(read("case_step", { customer_id: "a" }, { external: true }).kind, "external");
});

test("a conflict says who was faster, and when", () => {
    const body = { code: "alert_changed", detail: "Read it again.", changed_by: "Lee",
        changed_at: new Date(Date.now() - 10_000).toISOString() };
    assert.match(failureOf(409, body).detail, /^Lee was faster, .*10.*\. Read it again\.$/);
    assert.equal(failureOf(409, { code: "x", detail: "Read it again." }).detail, "Read it again.");
});

test("steps about a case stand on the axis of its customer", () => {
    const entries: TimelineEntry[] = [
        { time: "2026-01-01T00:00:02Z", kind: "case_step", alert_id: 7, version: 1, changed_by: "Lee",
            from_status: "open", to_status: "acknowledged" },
        { time: "2026-01-01T00:00:01Z", kind: "event", event_type: "contract_downgrade", churn_probability: 0.8 },
    ];
    const { interventions } = pointsOf(entries, (id) => id);
    assert.deepEqual(interventions, [{ x: Date.parse("2026-01-01T00:00:02Z"), y: 0.8,
        name: "Case acknowledged by Lee" }]);
});
