import { address } from "../../api/client";
import type { Band, StoredEvent } from "../../api/types";
import { Update, UpdatePayload, field } from "../../live/frames";

/** A line of the feed, from the socket or from the history. */
export interface Row {
    /** The server's number of the event, or one of our own where there is none. */
    id: string;
    at: number;
    customer: string;
    eventType: string;
    probability: number | null;
    band: Band | null;
    segment: string;
    isAlert: boolean;
    becameAtRisk: boolean;
    text: string;
}

export interface RowFilter {
    bands: string[];
    eventType: string;
    alertsOnly: boolean;
}

export const most = 100;

/** The reasons of the score, from the model where the feed has them. */
function reasonOf(payload: UpdatePayload): string {
    const change = payload.score_change?.text;
    if (typeof change === "string" && change !== "") return change;
    const first = payload.reasons?.[0]?.text;
    if (typeof first === "string") return first;
    return typeof payload["details"] === "string" ? payload["details"] : "";
}

export function rowOfUpdate(update: Update, segmentField: string | null): Row {
    const { payload } = update;
    return {
        id: payload.event_id === undefined ? `${payload.partition}/${payload.number}` : String(payload.event_id),
        at: update.happenedAt ?? update.arrivedAt, customer: payload.user_id, eventType: payload.event_type,
        probability: payload.churn_probability, band: payload.churn_risk, isAlert: update.isAlert,
        segment: segmentField === null ? "" : String(field(payload, segmentField) ?? ""),
        becameAtRisk: payload.became_at_risk === true, text: reasonOf(payload),
    };
}

export function rowOfEvent(event: StoredEvent, band: (probability: number) => Band): Row {
    const data = typeof event.event_data === "object" && event.event_data !== null
        ? (event.event_data as Record<string, unknown>) : {};
    return {
        id: String(event.event_id), at: Date.parse(event.event_timestamp), customer: event.user_id,
        eventType: event.event_type, probability: event.churn_probability, segment: "",
        band: event.churn_probability === null ? null : band(event.churn_probability),
        isAlert: event.is_alert === true, becameAtRisk: false,
        text: typeof data["details"] === "string" ? data["details"] : "",
    };
}

export function admits(filter: RowFilter, row: Row): boolean {
    return (filter.bands.length === 0 || (row.band !== null && filter.bands.includes(row.band)))
        && (filter.eventType === "" || row.eventType === filter.eventType)
        && (!filter.alertsOnly || row.isAlert);
}

/** The filter as the query of the live feed; empty where it admits everything. */
export const queryOf = (filter: RowFilter): string => address("", {
    band: [...filter.bands].sort(), event_type: filter.eventType, type: filter.alertsOnly ? "churn_alert" : null,
});

/** New rows before the old ones, each event once, at most `most` of them. */
export function joined(fresh: Row[], old: Row[]): Row[] {
    const seen = new Set<string>();
    const rows: Row[] = [];
    for (const row of [...fresh, ...old]) {
        if (seen.has(row.id)) continue;
        seen.add(row.id);
        rows.push(row);
        if (rows.length === most) break;
    }
    return rows;
}
