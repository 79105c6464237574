import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { act } from "react-dom/test-utils";
import { createRoot } from "react-dom/client";
import type { Update } from "../src/live/frames";

const dom = new JSDOM("<!doctype html><div id='root'></div>", { url: "http://127.0.0.1/" });
let frames: (() => void)[] = [];

class FakeSocket {
    static newest: FakeSocket;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    constructor(readonly url: string) { FakeSocket.newest = this; }
    send() {}
    close() {}
    say(type: string, payload: object) { this.onmessage?.({ data: JSON.stringify({ type, payload }) }); }
}

Object.assign(globalThis, {
    window: dom.window, document: dom.window.document, location: dom.window.location, history: dom.window.history,
    HTMLElement: dom.window.HTMLElement, WebSocket: FakeSocket, IS_REACT_ACT_ENVIRONMENT: true,
    requestAnimationFrame: (work: () => void) => frames.push(work),
});

const update = (number: number) => ({
    user_id: "a", event_type: "e", churn_probability: 0.1, churn_risk: "Low", partition: 0, number,
    previous: number - 1,
});

test("the hook hands over what came once a frame, says how the connection is, and counts holes", async () => {
    const { startFeed } = await import("../src/live/feed");
    const { useWebSocket } = await import("../src/live/useWebSocket");
    const batches: number[][] = [];
    function Probe() {
        const { link, holes } = useWebSocket((batch: Update[]) =>
            batches.push(batch.map(({ payload }) => payload.number)));
        return <p>{`${link.phase} ${holes}`}</p>;
    }
    const place = dom.window.document.getElementById("root")!;
    const root = createRoot(place);
    act(() => root.render(<Probe />));
    assert.equal(place.textContent, "connecting 0");
    const feed = startFeed();
    assert.equal(FakeSocket.newest.url, "ws://127.0.0.1/ws/updates");
    act(() => {
        FakeSocket.newest.onopen?.();
        FakeSocket.newest.say("cursor", { cursor: "c" });
    });
    assert.equal(place.textContent, "live 0");
    act(() => {
        for (let number = 1; number <= 1_000; number += 1) FakeSocket.newest.say("new_event", update(number));
    });
    assert.equal(frames.length, 1, "a thousand updates ask for one frame");
    act(() => frames.splice(0).forEach((work) => work()));
    assert.equal(batches.length, 1);
    assert.equal(batches[0]!.at(-1), 1_000);
    assert.ok(batches[0]!.length <= 500);
    act(() => FakeSocket.newest.say("gap", { partition: 0, from: 1_001, to: 1_011 }));
    assert.equal(place.textContent, "live 1");
    act(() => FakeSocket.newest.onclose?.({ code: 1001 }));
    assert.equal(place.textContent, "waiting 1");
    act(() => root.unmount());
    act(() => {
        feed.stop();
        frames.splice(0).forEach((work) => work());
    });
    assert.equal(batches.length, 1, "who has left hears nothing more");
});
