import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameBatcher } from "../src/live/FrameBatcher";
import { RowBuffer } from "../src/pages/live/RowBuffer";
import { Row, most, queryOf } from "../src/pages/live/rows";

const row = (id: number): Row => ({
    id: String(id), at: id, customer: `c${id}`, eventType: "e", probability: 0.1, band: "Low", segment: "",
    isAlert: false, becameAtRisk: false, text: "",
});

test("a held view keeps its rows, counts what waits, and says what was never in view", () => {
    const buffer = new RowBuffer([row(1)]);
    for (let id = 2; id <= most + 313; id += 1) buffer.add(row(id));
    assert.deepEqual(buffer.state.rows.map(({ id }) => id), ["1"]);
    assert.equal(buffer.state.waiting, most + 312);
    assert.equal(buffer.state.dropped, 0);
    buffer.take();
    assert.equal(buffer.state.rows.length, most);
    assert.equal(buffer.state.rows[0]!.id, String(most + 313));
    assert.equal(buffer.state.waiting, 0);
    assert.equal(buffer.state.dropped, 312);
    buffer.leaveOut(8);
    assert.equal(buffer.state.dropped, 320);
});

test("rows of the past find their places, each once", () => {
    const buffer = new RowBuffer();
    buffer.add(row(5));
    buffer.take();
    buffer.fill([row(7), row(5), row(3)]);
    assert.deepEqual(buffer.state.rows.map(({ id }) => id), ["7", "5", "3"]);
});

test("a filter is asked of the server, and its order does not matter", () => {
    assert.equal(queryOf({ bands: [], eventType: "", alertsOnly: false }), "");
    assert.equal(queryOf({ bands: ["Low", "High"], eventType: "a b", alertsOnly: true }),
        "?band=High&band=Low&event_type=a+b&type=churn_alert");
    assert.equal(queryOf({ bands: ["High", "Low"], eventType: "", alertsOnly: false }),
        queryOf({ bands: ["Low", "High"], eventType: "", alertsOnly: false }));
});

test("what is left out between two frames is counted", () => {
    const heard: [number, number][] = [];
    let frames: (() => void)[] = [];
    const batcher = new FrameBatcher<number>((batch, leftOut) => heard.push([batch.length, leftOut]),
        (work) => frames.push(work), 10);
    for (let number = 0; number < 57; number += 1) batcher.add(number);
    frames.splice(0).forEach((work) => work());
    batcher.add(1);
    frames.splice(0).forEach((work) => work());
    assert.deepEqual(heard, [[10, 47], [1, 0]]);
});
