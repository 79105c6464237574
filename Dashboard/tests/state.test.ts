import assert from "node:assert/strict";
import { test } from "node:test";
import { address, below, customerPath } from "../src/api/client";
import { failureOf } from "../src/api/failure";
import type { Band, Explanation, StoredEvent } from "../src/api/types";
import { planSankey } from "../src/charts/sankeyLayout";
import { stepsOf } from "../src/charts/Waterfall";
import { ago, duration, percent, points, words } from "../src/format";
import { pointsOf } from "../src/pages/customer/ScoreTimeline";
import { Row, admits, joined, rowOfEvent } from "../src/pages/live/rows";
import { baseOf, withoutBase } from "../src/routing/base";
import { customerAddress, routeOf } from "../src/routing/route";
import { bandOf, bandsAbove } from "../src/state/bandOf";
import { Words } from "../src/state/domain";
import { Store } from "../src/state/store";

const edges = [
    { band: "Critical" as Band, from: 0.85, includes_from: true }, { band: "High" as Band, from: 0.7,
        includes_from: false },
    { band: "Medium" as Band, from: 0.4, includes_from: false }, { band: "Low" as Band, from: 0, includes_from: true },
];

test("bands have the edges of the contract", () => {
    const found = [0, 0.4, 0.41, 0.7, 0.701, 0.849, 0.85, 1].map((value) => bandOf(value, edges));
    assert.deepEqual(found, ["Low", "Low", "Medium", "Medium", "High", "High", "Critical", "Critical"]);
});

test("customers above a score are looked for in every band that reaches above it", () => {
    const found = [0.9, 0.85, 0.7, 0.5, 0].map((score) => bandsAbove(score, edges).join(" "));
    assert.deepEqual(found, ["Critical", "Critical", "Critical High", "Critical High Medium",
        "Critical High Medium Low"]);
});

test("each address leads to its page, whatever an id is made of", () => {
    assert.equal(routeOf("/").page, "dashboard");
    for (const page of ["watchlist", "analytics", "live"]) assert.equal(routeOf(`/${page}`).page, page);
    assert.equal(routeOf("/alerts").page, "cases");
    for (const id of ["7590-VHVEG", "a/b", "it's \"quoted\"", "<img src=x onerror=alert(1)>", "🦊 emoji", "100%",
        "a?b#c", "ü", "..", ".", "-", "a..b", "a+b", "x".repeat(256)]) {
        assert.deepEqual(routeOf(customerAddress(id)), { page: "customer", id });
    }
    for (const path of ["/nope", "/customer", "/customer/a/b", "/customer/%E0%A4%A",
        "/watchlist/x"]) assert.equal(routeOf(path).page, "nowhere");
});

test("an id that a path cannot carry stands in the query, for pages and for the API", () => {
    assert.equal(customerAddress("7590-VHVEG"), "/customer/7590-VHVEG");
    assert.equal(customerPath("a/b"), "/api/customer/-?user_id=a%2Fb");
    assert.equal(below(customerPath("a/b"), "/timeline?limit=2"), "/api/customer/-/timeline?limit=2&user_id=a%2Fb");
    assert.equal(below(customerPath("a"), "/timeline?limit=2"), "/api/customer/a/timeline?limit=2");
    assert.equal(below(customerPath(".."), "/explanation"), "/api/customer/-/explanation?user_id=..");
});

test("the dashboard finds the path below which it is shown", () => {
    assert.equal(baseOf("https://tools.example/churn/assets/main-1A.js"), "/churn");
    assert.equal(baseOf("https://tools.example/a/b/assets/main-1A.js"), "/a/b");
    assert.equal(baseOf("http://127.0.0.1:8080/assets/main-1A.js"), "");
    assert.equal(baseOf(null), "");
    assert.equal(withoutBase("/churn/customer/a", "/churn"), "/customer/a");
    assert.equal(withoutBase("/churn", "/churn"), "/");
    assert.equal(withoutBase("/churn/", "/churn"), "/");
    assert.equal(withoutBase("/churns", "/churn"), "/churns");
    assert.equal(withoutBase("/live", ""), "/live");
});

test("a query leaves out what is empty and repeats lists", () => {
    assert.equal(address("/x", { a: "", b: null, c: undefined, d: [] }), "/x");
    assert.equal(address("/x", { risk: ["High", "Low"], search: "a&b=c", page: 2 }),
        "/x?risk=High&risk=Low&search=a%26b%3Dc&page=2");
});

test("a failure reports what the problem says, and whether the part exists", () => {
    const failure = failureOf(400, { code: "bad_body", detail: "Wrong.", request_id: "r1",
        errors: [{ detail: "Too long." }] });
    assert.equal(failure.detail, "Wrong. Too long.");
    assert.equal(failure.requestId, "r1");
    assert.equal(failureOf(404, { code: "not_found" }).isNotHere, true);
    assert.equal(failureOf(404, { code: "customer_not_found" }).isNotHere, false);
    assert.equal(failureOf(501, null).isNotHere, true);
    assert.equal(failureOf(401, "text").isSignIn, true);
    assert.notEqual(failureOf(500, null).detail, "");
});

test("identifiers become words, and figures texts", () => {
    assert.equal(words("contract_downgrade"), "Contract downgrade");
    assert.equal(words("MonthlyCharges"), "Monthly charges");
    assert.equal(words("StreamingTV"), "Streaming TV");
    assert.equal(words("tenure"), "Tenure");
    assert.equal(words(null), "");
    assert.equal(percent(null), "–");
    assert.equal(percent(Number.NaN), "–");
    assert.equal(points(-0.125), "−12.5 pp");
    assert.deepEqual(duration(12), ["12", "ms"]);
    assert.deepEqual(duration(25_000), ["25", "s"]);
    assert.equal(ago("not a time", 0), "–");
    assert.equal(ago(1_000, 2_000), "just now");
});

test("a store notifies its subscribers of changes only, and none that left", () => {
    const store = new Store({ a: 1 });
    let notified = 0;
    const leave = store.subscribe(() => { notified += 1; });
    store.set(store.get());
    store.update({ a: 2 });
    leave();
    store.update({ a: 3 });
    assert.equal(notified, 1);
});

const row = (id: number, more: Partial<Row> = {}): Row => ({
    id: String(id), at: id, customer: "c", eventType: "login", probability: 0.5, band: "Medium", segment: "",
    isAlert: false, becameAtRisk: false, text: "", ...more,
});

test("the feed keeps its newest hundred rows, each event once", () => {
    const fresh = Array.from({ length: 80 }, (_, index) => row(200 - index));
    const old = Array.from({ length: 80 }, (_, index) => row(150 - index));
    const rows = joined(fresh, old);
    assert.equal(rows.length, 100);
    assert.equal(new Set(rows.map((one) => one.id)).size, 100);
    assert.equal(rows[0]!.id, "200");
});

test("the feed's filters hold together", () => {
    const alert = row(1, { isAlert: true, band: "High", eventType: "down" });
    assert.equal(admits({ bands: [], eventType: "", alertsOnly: false }, row(1)), true);
    assert.equal(admits({ bands: ["High"], eventType: "down", alertsOnly: true }, alert), true);
    assert.equal(admits({ bands: ["High"], eventType: "up", alertsOnly: true }, alert), false);
    assert.equal(admits({ bands: ["Low"], eventType: "", alertsOnly: false }, alert), false);
    assert.equal(admits({ bands: [], eventType: "", alertsOnly: true }, row(1)), false);
});

test("an event of the history becomes a row whatever its data are", () => {
    for (const data of [null, "text", [], { details: 7 }]) {
        const event: StoredEvent = { event_id: 1, user_id: "c", event_type: "e",
            event_timestamp: "2026-01-01T00:00:00Z", event_data: data, churn_probability: null };
        assert.equal(rowOfEvent(event, () => "Low").text, "");
    }
});

test("a waterfall begins at the base, ends at the margin, and sums up the small features", () => {
    const reasons = Array.from({ length: 12 }, (_, index) =>
        ({ feature: `f${index}`, value: index, contribution: index % 2 === 0 ? 0.1 * index : -0.1 * index, text: "" }));
    const margin = -1 + reasons.reduce((sum, reason) => sum + reason.contribution, 0);
    const explanation: Explanation = { customer_id: "c", churn_probability: 0.2, model_version: "m", base_margin: -1,
        margin, reasons, text: "" };
    const steps = stepsOf(explanation, (name) => name, String);
    assert.equal(steps.length, 12);
    assert.equal(steps[0]!.to, -1);
    assert.equal(steps[10]!.name, "Calibration");
    assert.ok(Math.abs(steps[10]!.from - margin) < 1e-9);
    assert.ok(Math.abs(steps[11]!.to - Math.log(0.25)) < 1e-9, "the last value is the score that the gauge shows");
    assert.equal(steps[11]!.value, percent(0.2));
    const uncalibrated = { ...explanation, churn_probability: 1 / (1 + Math.exp(-margin)) };
    assert.equal(stepsOf(uncalibrated, (name) => name, String).length, 11);
    assert.ok(Math.abs(steps[9]!.to - margin) < 1e-9);
    assert.equal(steps[9]!.name, "4 other features");
    for (let place = 1; place < 10; place += 1) assert.ok(Math.abs(steps[place]!.from - steps[place - 1]!.to) < 1e-9);
});

test("a flow has room for all its customers, and nodes without any are left out", () => {
    const plan = planSankey([["New", "Old", "None"], ["A", "B"]],
        [[{ from: "New", to: "A", value: 30 }, { from: "Old", to: "A", value: 10 },
        { from: "Old", to: "B", value: 60 }]], 500, 200);
    assert.deepEqual(plan.nodes.map((node) => node.name), ["New", "Old", "A", "B"]);
    assert.equal(plan.ribbons.length, 3);
    for (const node of plan.nodes) assert.ok(node.y >= 0 && node.y + node.height <= 200.5);
    assert.deepEqual(planSankey([[], []], [[]], 10, 10).ribbons, []);
});

test("interventions stand at the last score that was known", () => {
    const found = pointsOf([
        { time: "2026-01-03T00:00:00Z", kind: "intervention", action_taken: "call" },
        { time: "2026-01-02T00:00:00Z", kind: "event", event_type: "down", churn_probability: 0.8 },
        { time: "2026-01-01T00:00:00Z", kind: "event", event_type: "up", churn_probability: 0.3 },
    ], (id) => id);
    assert.deepEqual(found.scores.map((point) => point.y), [0.3, 0.8]);
    assert.equal(found.interventions[0]!.y, 0.8);
});

test("a name with blanks is a label already, and stages need a column that says how long", () => {
    const own = new Words({
        name: "phone", id_column: "customer_number", segment_column: "vmail_plan", value_column: "day_charge",
        tenure_column: null, alert_threshold: 0.7, bands: edges, actions: [], event_types: [], update_fields: [],
        columns: [{ column: "vmail_plan", name: "VMail Plan", label: "VMail Plan", type: "boolean", categories: [] },
            { column: "day_charge", name: "DayCharge", label: "DayCharge", type: "numeric", categories: [] }],
    });
    assert.equal(own.segment, "VMail Plan");
    assert.equal(own.value, "Day charge");
    assert.equal(own.hasLifeCycle, false);
    assert.equal(new Words({ ...own.domain, tenure_column: "day_charge" }).hasLifeCycle, true);
});

test("labels are the domain's own, for columns and features alike", () => {
    const own = new Words({
        name: "shop", id_column: "shopper", segment_column: "tier", value_column: "spend", alert_threshold: 0.7,
        bands: edges,
        columns: [{ column: "tier", label: "LoyaltyTier", type: "categorical", categories: ["Gold", "Basic"] },
            { column: "spend", label: "Spend", type: "numeric", categories: [] }],
        actions: [{ id: "call", title: "Call them" }], event_types: [], update_fields: [{ name: "tier_now",
            column: "tier" }],
    });
    assert.equal(own.segment, "Loyalty tier");
    assert.equal(own.label("LoyaltyTier"), "Loyalty tier");
    assert.equal(own.action("call"), "Call them");
    assert.equal(own.action("something_else"), "Something else");
    assert.deepEqual(own.segments, ["Gold", "Basic"]);
    assert.equal(own.updateField("tier"), "tier_now");
    assert.equal(own.updateField("spend"), null);
});
