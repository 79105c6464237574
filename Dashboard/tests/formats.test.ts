import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { count, date, dateTime, hour, money, percent, person, precise, shortMoney } from "../src/format";

// The tests run in the repository's root.
const sources = "Dashboard/src";

test("numbers and times are English, whatever the language of the machine", () => {
    assert.equal(count(1_234_567), "1,234,567");
    assert.equal(percent(0.7234), "72.3%");
    assert.equal(precise(0.5), "0.500");
    // Noon, so that the day is the same in most places.
    assert.match(dateTime("2026-01-31T12:00:00Z"), /^(Jan 31|Feb 1), 2026, \d\d:00$|^Jan 31, 2026, \d\d:\d\d$/);
    assert.match(date("2026-01-31T12:00:00Z"), /^(Jan 31|Feb 1)$/);
    assert.doesNotMatch(hour("2026-01-31T12:00:00Z"), /[AP]M/);
});

test("money has its currency and always the same decimals", () => {
    assert.equal(money(15_787.2), "15,787.20");
    assert.equal(money(15_787.2, { code: "EUR", symbol: null, decimals: 2 }), "€15,787.20");
    assert.equal(money(15_787.2, { code: "JPY", symbol: null, decimals: 0 }), "¥15,787");
    assert.equal(money(-2, { code: null, symbol: "Fr ", decimals: 2 }), "−Fr 2.00");
    assert.equal(money(-1_234, { code: "NOK", symbol: "kr ", decimals: 0 }), "−kr 1,234");
    assert.equal(money(3, { code: "no code", symbol: null, decimals: 1 }), "3.0");
    assert.equal(money(null), "–");
    assert.equal(shortMoney(9_241.4), "9,241");
    assert.equal(shortMoney(15_787.2, { code: "USD", symbol: null, decimals: 2 }), "$15.8K");
});

test("people are shown by their names", () => {
    assert.equal(person("key:anna"), "anna");
    assert.equal(person("user:ben@example.org"), "ben@example.org");
    assert.equal(person("System"), "System");
    assert.equal(person("key:"), "key:");
});

test("no file but one makes formats", () => {
    const files = readdirSync(sources, { recursive: true }) as string[];
    const wrong = files.filter((name) => /\.tsx?$/.test(name) && name !== "format.ts")
        .filter((name) => /\bIntl\.|\.toLocale\w*\(/.test(readFileSync(join(sources, name), "utf8")));
    assert.ok(files.includes("format.ts"));
    assert.deepEqual(wrong, []);
});
