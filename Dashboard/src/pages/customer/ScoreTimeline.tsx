import { useCallback, useMemo } from "react";
import type { Timeline, TimelineEntry } from "../../api/types";
import { Canvas, Figure } from "../../charts/Figure";
import { Palette, chartFont, tooltip } from "../../charts/palette";
import { useWords } from "../../state/domain";
import type { Resource } from "../../state/useResource";
import { clock, date, dateTime, hour, percent, tick, words as inWords } from "../../format";
import { Empty, Loaded } from "../../ui/States";

interface Point {
    x: number;
    y: number;
    name: string;
}

/** A step about a case, and who took it. */
const stepText = (entry: TimelineEntry): string =>
    `Case ${inWords(entry.to_status ?? "").toLowerCase()} by ${entry.changed_by ?? ""}`;

/** The score between events: each point's height is the last score known then. */
export function pointsOf(entries: TimelineEntry[],
    action: (id: string) => string): { scores: Point[]; events: Point[]; interventions: Point[] } {
    const scores: Point[] = [];
    const events: Point[] = [];
    const interventions: Point[] = [];
    let last = 0;
    for (const entry of [...entries].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
        const x = Date.parse(entry.time);
        if (typeof entry.churn_probability === "number") {
            last = entry.churn_probability;
            scores.push({ x, y: last, name: "Score" });
        }
        if (entry.kind === "event") events.push({ x, y: last, name: inWords(entry.event_type) });
        if (entry.kind === "intervention") interventions.push({ x, y: last, name: action(entry.action_taken ?? "") });
        if (entry.kind === "case_step") interventions.push({ x, y: last, name: stepText(entry) });
    }
    return { scores, events, interventions };
}

/** Scores, events and interventions on one axis of time. */
export function ScoreTimeline({ timeline }: { timeline: Resource<Timeline> }) {
    const words = useWords();
    const entries = timeline.data?.entries ?? [];
    const key = JSON.stringify(entries.map((entry) => [entry.time, entry.kind]));
    const points = useMemo(() => pointsOf(entries, (id) => words.action(id)), [key, words]);
    const rows = entries.map((entry) => [
        dateTime(entry.time), inWords(entry.kind),
        entry.kind === "intervention" ? words.action(entry.action_taken ?? "")
            : entry.kind === "case_step" ? stepText(entry) : inWords(entry.event_type ?? ""),
        percent(entry.churn_probability),
    ]);
    return (
        <Figure title="Score over time" note="With events and interventions"
            table={{ head: ["Time", "Kind", "What", "Score"], rows }}>
            <Loaded of={timeline} height={250} isEmpty={(data) => data.entries.length === 0}
                empty={<Empty title="No history yet">It begins with the first event.</Empty>}>
                {() => (
                    <>
                        <TimelineChart points={points} />
                        <ul className="legend">
                            <li><i style={{ background: "var(--accent-text)" }} aria-hidden="true" />Score</li>
                            <li><i data-shape="ring" style={{ borderColor: "var(--accent-text)" }} aria-hidden="true"
                                />Event</li>
                            <li><i data-shape="diamond" style={{ background: "var(--mark-low)" }} aria-hidden="true"
                                />Intervention or step of the case</li>
                        </ul>
                    </>
                )}
            </Loaded>
        </Figure>
    );
}

const tickText = (at: number, span: number) =>
    (span > 2 * 86_400_000 ? date(at) : span > 600_000 ? hour(at) : clock(at));

function TimelineChart({ points }: { points: ReturnType<typeof pointsOf> }) {
    const all = [...points.events, ...points.interventions, ...points.scores];
    const earliest = Math.min(...all.map((point) => point.x));
    const latest = Math.max(...all.map((point) => point.x), earliest + 60_000);
    // A little room at both ends, so that no point lies on the edge.
    const first = earliest - (latest - earliest) * 0.02;
    const last = latest + (latest - earliest) * 0.02;
    const draw = useCallback((palette: Palette) => ({
        type: "line" as const,
        data: {
            datasets: [
                {
                    data: points.scores, borderColor: palette.accent, borderWidth: 2, stepped: "before" as const,
                    pointRadius: 0, order: 3,
                    fill: "start" as const, backgroundColor: palette.accentSoft,
                },
                {
                    data: points.events, showLine: false, pointRadius: 5, pointHoverRadius: 7,
                    pointBackgroundColor: palette.panel,
                    pointBorderColor: palette.accent, pointBorderWidth: 2, order: 2,
                },
                {
                    data: points.interventions, showLine: false, pointRadius: 7, pointHoverRadius: 9,
                    pointStyle: "rectRot" as const,
                    pointBackgroundColor: palette.band.Low, pointBorderColor: palette.panel, pointBorderWidth: 2,
                    order: 1,
                },
            ],
        },
        options: {
            interaction: { mode: "nearest" as const, intersect: false },
            layout: { padding: { top: 8, right: 8 } },
            plugins: {
                tooltip: {
                    ...tooltip(palette), displayColors: false,
                    callbacks: {
                        title: (items: { parsed: { x: number } }[]) => dateTime(items[0]?.parsed.x),
                        label: (item: { raw: unknown }) =>
                            `${(item.raw as Point).name}, ${percent((item.raw as Point).y)}`,
                    },
                },
            },
            scales: {
                x: {
                    type: "linear" as const, min: first, max: last, grid: { display: false, drawBorder: false },
                    ticks: {
                        color: palette.soft, font: chartFont, maxTicksLimit: 7, maxRotation: 0, autoSkipPadding: 14,
                        callback: (value: string | number) => tickText(Number(value), last - first),
                    },
                },
                y: {
                    min: 0, max: 1, grid: { color: palette.grid, drawBorder: false },
                    ticks: { color: palette.soft, font: chartFont, stepSize: 0.25, callback: tick },
                },
            },
        },
    }), [points, first, last]);
    const label = `Line chart of ${points.scores.length} scores, with ${points.events.length} events and `
        + `${points.interventions.length} interventions`;
    return <Canvas label={label} height={230} draw={draw} />;
}
