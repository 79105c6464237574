import type { Band, Reason, Value } from "../api/types";

/** An update as the feed sends it. */
export interface UpdatePayload extends Record<string, unknown> {
    user_id: string;
    event_type: string;
    event_id?: number;
    timestamp?: number | string;
    churn_probability: number;
    churn_risk: Band;
    became_at_risk?: boolean;
    reasons?: Reason[];
    score_change?: { from_probability: number; to_probability: number; text: string } | null;
    partition: number;
    number: number;
    previous?: number;
}

export interface Update {
    isAlert: boolean;
    payload: UpdatePayload;
    /** The time of arrival, by this machine's clock. */
    arrivedAt: number;
    /** The event's time; null where it has none. */
    happenedAt: number | null;
}

export interface Gap {
    partition: number;
    from: number;
    to: number;
}

/** What a person did about a case or a customer, or that a snooze was over. */
export interface CaseNote extends Record<string, unknown> {
    type: "case_step" | "case_due" | "intervention_logged";
    customer_id: string;
    alert_id: number | null;
}

export type Frame =
    | { kind: "update"; update: Update }
    | { kind: "cursor"; cursor: string }
    | { kind: "gap"; gap: Gap }
    | { kind: "skipped"; count: number }
    | { kind: "pong" }
    | { kind: "authenticated" }
    | { kind: "error"; code: string; detail: string }
    | { kind: "external"; type: string; payload: Record<string, unknown> }
    | { kind: "note"; note: CaseNote }
    | { kind: "unknown" };

const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

export function eventTime(value: unknown): number | null {
    if (typeof value === "number" && Number.isFinite(value)) return value * 1000;
    if (typeof value !== "string") return null;
    const time = Date.parse(value);
    return Number.isNaN(time) ? null : time;
}

/** Reads a text of the feed; whatever is not understood is unknown and harms nothing. */
export function readFrame(text: string, now: number): Frame {
    let frame: unknown;
    try {
        frame = JSON.parse(text);
    } catch {
        return { kind: "unknown" };
    }
    if (!isObject(frame) || typeof frame["type"] !== "string") return { kind: "unknown" };
    const payload = isObject(frame["payload"]) ? frame["payload"] : {};
    if (frame["external"] === true) return { kind: "external", type: frame["type"], payload };
    switch (frame["type"]) {
        case "churn_alert":
        case "new_event": {
            if (typeof payload["user_id"] !== "string" || typeof payload["number"] !== "number"
                || typeof payload["partition"] !== "number" || typeof payload["churn_probability"] !== "number") {
                return { kind: "unknown" };
            }
            const happenedAt = eventTime(payload["timestamp"]);
            const update = { isAlert: frame["type"] === "churn_alert", payload: payload as UpdatePayload };
            return { kind: "update", update: { ...update, arrivedAt: now, happenedAt } };
        }
        case "cursor":
            return typeof payload["cursor"] === "string"
                ? { kind: "cursor", cursor: payload["cursor"] } : { kind: "unknown" };
        case "gap":
            return {
                kind: "gap", gap: {
                    partition: Number(payload["partition"]), from: Number(payload["from"]), to: Number(payload["to"]),
                },
            };
        case "skipped": return { kind: "skipped", count: Number(payload["count"]) || 0 };
        case "case_step":
        case "case_due":
        case "intervention_logged": {
            const { customer_id: customer, alert_id: number } = payload;
            if (typeof customer !== "string") return { kind: "unknown" };
            const alert = typeof number === "number" ? number : null;
            return { kind: "note", note: { ...payload, type: frame["type"], customer_id: customer, alert_id: alert } };
        }
        case "pong": return { kind: "pong" };
        case "authenticated": return { kind: "authenticated" };
        case "error":
            return { kind: "error", code: String(payload["code"]), detail: String(payload["detail"]) };
        default: return { kind: "unknown" };
    }
}

/** The field of an update as text or number, for columns that the domain names. */
export const field = (payload: UpdatePayload, name: string): Value => {
    const value = payload[name];
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
};
