import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameBatcher } from "../src/live/FrameBatcher";
import { LinkState, LiveSocket, SocketOptions } from "../src/live/LiveSocket";
import { backoff, verdictOf } from "../src/live/backoff";
import { RateMeter, Ring } from "../src/live/figures";
import { readFrame } from "../src/live/frames";
import { Sequence } from "../src/live/sequence";

/** A socket that the test plays the server of. */
class FakeSocket {
    sent: unknown[] = [];
    closed = false;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    constructor(readonly url: string) {}
    send(text: string) { this.sent.push(JSON.parse(text)); }
    close() { this.closed = true; }
    say(type: string, payload: object = {}) { this.onmessage?.({ data: JSON.stringify({ type, payload }) }); }
}

function scene(token: string | null = null, url = "ws://x/ws", options: SocketOptions = {}) {
    const sockets: FakeSocket[] = [];
    const states: LinkState[] = [];
    const numbers: number[] = [];
    let now = 0;
    let missed = 0;
    let refused = 0;
    let timers: { at: number; work: () => void }[] = [];
    const socket = new LiveSocket(url, () => token, {
        state: (state) => states.push(state), update: (update) => numbers.push(update.payload.number),
        missed: (count) => { missed += count; }, refused: () => { refused += 1; },
    }, {
        open: (url) => {
            const made = new FakeSocket(url);
            sockets.push(made);
            return made as unknown as WebSocket;
        },
        now: () => now, random: () => 0.5,
        after: (milliseconds, work) => {
            const timer = { at: now + milliseconds, work };
            timers.push(timer);
            return () => { timers = timers.filter((one) => one !== timer); };
        },
    }, options);
    const pass = (milliseconds: number) => {
        now += milliseconds;
        for (const timer of timers.filter((one) => one.at <= now)) {
            timers = timers.filter((one) => one !== timer);
            timer.work();
        }
    };
    const last = () => sockets[sockets.length - 1]!;
    return { socket, sockets, states, numbers, pass, last, missed: () => missed, refused: () => refused };
}

const update = (number: number, previous = number - 1, partition = 0) =>
    ({ user_id: "a", event_type: "e", churn_probability: 0.1, churn_risk: "Low", partition, number, previous });

test("the credential is the first message, never part of the address", () => {
    const { socket, last } = scene("secret");
    socket.start();
    assert.equal(last().url, "ws://x/ws");
    last().onopen?.();
    assert.deepEqual(last().sent, [{ type: "authenticate", token: "secret" }]);
});

test("a lost connection comes back with the cursor and shows what comes again once", () => {
    const { socket, last, pass, numbers, sockets, states, missed } = scene();
    socket.start();
    last().onopen?.();
    last().say("cursor", { cursor: "c+1" });
    last().say("new_event", update(1));
    last().say("new_event", update(2));
    last().onclose?.({ code: 1006 });
    assert.equal(states[states.length - 1]?.phase, "waiting");
    pass(750);
    assert.equal(sockets.length, 2);
    assert.equal(last().url, "ws://x/ws?cursor=c%2B1");
    last().onopen?.();
    last().say("new_event", update(1));
    last().say("new_event", update(2));
    last().say("new_event", update(3));
    assert.deepEqual(numbers, [1, 2, 3]);
    assert.equal(missed(), 0);
    assert.equal(states[states.length - 1]?.phase, "live");
});

test("a hole, a gap and skipped updates are missed", () => {
    const { socket, last, missed } = scene();
    socket.start();
    last().onopen?.();
    last().say("new_event", update(1));
    last().say("new_event", update(5, 4));
    assert.equal(missed(), 1);
    last().say("gap", { partition: 0, from: 6, to: 10 });
    assert.equal(missed(), 5);
    last().say("skipped", { count: 3 });
    assert.equal(missed(), 8);
});

test("a filtered feed begins at a cursor, keeps its filter, and takes no number left out for a hole", () => {
    const feed = scene(null, "ws://x/ws?band=High", { cursor: "a b", isFiltered: true });
    feed.socket.start();
    assert.equal(feed.last().url, "ws://x/ws?band=High&cursor=a%20b");
    feed.last().onopen?.();
    feed.last().say("cursor", { cursor: "c" });
    feed.last().say("new_event", update(1));
    feed.last().say("new_event", update(90));
    feed.last().say("new_event", update(90));
    assert.deepEqual([feed.numbers, feed.missed()], [[1, 90], 0]);
    feed.last().say("gap", { partition: 0, from: 91, to: 95 });
    assert.equal(feed.missed(), 4);
    assert.equal(feed.socket.position, "c");
    feed.last().onclose?.({ code: 1001 });
    feed.pass(60_000);
    assert.equal(feed.last().url, "ws://x/ws?band=High&cursor=c");
});

test("a connection without a sign of life is given up", () => {
    const { socket, last, pass, states } = scene();
    socket.start();
    last().onopen?.();
    last().say("cursor", { cursor: "c" });
    pass(15_000);
    assert.deepEqual(last().sent, [{ type: "ping" }]);
    last().say("pong");
    pass(15_000);
    assert.equal(last().sent.length, 2);
    pass(10_000);
    assert.equal(last().closed, true);
    assert.equal(states[states.length - 1]?.phase, "waiting");
});

test("a cursor that is refused again and again is dropped, and that counts as missed", () => {
    const { socket, last, pass, sockets, missed } = scene();
    socket.start();
    last().onopen?.();
    last().say("cursor", { cursor: "c" });
    last().onclose?.({ code: 1006 });
    for (let attempt = 0; attempt < 6; attempt += 1) {
        pass(30_000);
        last().onclose?.({ code: 1006 });
    }
    pass(30_000);
    assert.equal(last().url, "ws://x/ws");
    assert.equal(missed(), 1);
    assert.ok(sockets.length >= 7);
});

test("a refused credential asks for another, and a forbidden one ends the feed", () => {
    const first = scene("bad");
    first.socket.start();
    first.last().onopen?.();
    first.last().onclose?.({ code: 4001 });
    first.pass(100_000);
    assert.equal(first.refused(), 1);
    assert.equal(first.sockets.length, 1);
    const second = scene("viewer");
    second.socket.start();
    second.last().onopen?.();
    second.last().onclose?.({ code: 4003 });
    second.pass(100_000);
    assert.equal(second.sockets.length, 1);
    assert.equal(second.states[second.states.length - 1]?.phase, "ended");
});

test("a connection that never opens is given up, and retryNow comes back at once", () => {
    const { socket, sockets, pass, states } = scene();
    socket.start();
    pass(10_000);
    assert.equal(states[states.length - 1]?.phase, "waiting");
    socket.retryNow();
    assert.equal(sockets.length, 2);
    socket.retryNow();
    assert.equal(sockets.length, 2);
    socket.stop();
    sockets[1]!.onclose?.({ code: 1006 });
    pass(60_000);
    assert.equal(sockets.length, 2);
});

test("the wait is between half a second and a limit that doubles up to half a minute", () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
        assert.equal(backoff(attempt, () => 0), 500);
        assert.ok(backoff(attempt, () => 0.999_999) <= 30_000);
    }
    assert.ok(backoff(0, () => 1) <= 1_000);
    assert.equal(backoff(10, () => 1), 30_000);
});

test("each close code of the server has its consequence", () => {
    const verdicts = [1001, 1006, 4008, 1013, 4029, 4001, 4003, 1008].map(verdictOf);
    assert.deepEqual(verdicts, ["again", "again", "again", "later", "later", "sign-in", "never", "never"]);
});

test("texts that are no frame are unknown and harm nothing", () => {
    for (const text of ["", "{", "null", "[]", "1", '{"type":7}', '{"type":"new_event"}',
        '{"type":"new_event","payload":{"user_id":1}}', '{"type":"cursor","payload":{}}', '{"type":"__proto__"}']) {
        assert.equal(readFrame(text, 0).kind, "unknown", text);
    }
});

test("an event's time is seconds or text, and latency needs one", () => {
    const frame = (timestamp: unknown) => readFrame(JSON.stringify({ type: "churn_alert",
        payload: { ...update(1), timestamp } }), 9);
    const at = (timestamp: unknown) => { const found = frame(timestamp); return found.kind === "update"
        ? found.update.happenedAt : 0; };
    assert.equal(at(1.5), 1_500);
    assert.equal(at("1970-01-01T00:00:02Z"), 2_000);
    assert.equal(at("soon"), null);
    assert.equal(at(undefined), null);
});

test("what other programs send is marked and never an update", () => {
    assert.equal(readFrame(JSON.stringify({ type: "new_event", external: true, payload: update(1) }), 0).kind,
        "external");
});

test("a sequence knows repeated numbers and holes of each partition", () => {
    const sequence = new Sequence();
    assert.equal(sequence.take(0, 5, 4), "next");
    assert.equal(sequence.take(1, 1, 0), "next");
    assert.equal(sequence.take(0, 5, 4), "repeated");
    assert.equal(sequence.take(0, 7, 5), "next");
    assert.equal(sequence.take(0, 9, 8), "hole");
    assert.equal(sequence.take(0, 12, undefined), "next");
});

test("what comes between two frames is handed over once, the newest where it is too much", () => {
    const batches: number[][] = [];
    let frames: (() => void)[] = [];
    const batcher = new FrameBatcher<number>((batch) => batches.push(batch), (work) => frames.push(work), 3);
    const draw = () => { const due = frames; frames = []; due.forEach((work) => work()); };
    [1, 2].forEach((value) => batcher.add(value));
    assert.equal(frames.length, 1);
    draw();
    for (let value = 0; value < 100; value += 1) batcher.add(value);
    draw();
    draw();
    assert.deepEqual(batches, [[1, 2], [97, 98, 99]]);
});

test("a rate is counted over whole seconds and falls to zero when nothing comes", () => {
    const meter = new RateMeter(0, 10);
    for (let now = 0; now < 5_000; now += 10) meter.add(now);
    assert.equal(meter.rate(5_000), 100);
    assert.equal(meter.series(5_000).length, 9);
    assert.equal(meter.rate(11_000), 0);
    assert.equal(meter.rate(1_000_000), 0);
});

test("quantiles are those of the newest values", () => {
    const ring = new Ring(100);
    assert.equal(ring.quantile(0.5), null);
    for (let value = 1; value <= 1_000; value += 1) ring.add(value);
    assert.equal(ring.quantile(0.5), 951);
    assert.equal(ring.quantile(0.99), 1_000);
});
