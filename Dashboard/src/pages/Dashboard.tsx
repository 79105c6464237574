import { useMemo } from "react";
import { address } from "../api/client";
import { Kpis, bands } from "../api/types";
import { Bars } from "../charts/Bars";
import { Donut } from "../charts/Donut";
import { Figure } from "../charts/Figure";
import { Trend, TrendPoint } from "../charts/Trend";
import { useLiveReload } from "../live/useLiveReload";
import { bandsAbove } from "../state/bandOf";
import { Words, useWords } from "../state/domain";
import { useNow } from "../state/useNow";
import { Resource, useResource } from "../state/useResource";
import { ago, amount, count, dateTime, percent } from "../format";
import { Empty, Loaded } from "../ui/States";
import { KpiCards } from "./dashboard/KpiCards";
import { NewestCases } from "./dashboard/NewestCases";
import { TopReasons } from "./dashboard/TopReasons";

/** The state of the customer base now. */
export function DashboardPage() {
    const kpis = useResource<Kpis>("/api/dashboard-kpis");
    useLiveReload(kpis.reload, 1_000);
    const now = useNow();
    return (
        <>
            <div className="page-head">
                <div>
                    <h1>Dashboard</h1>
                    <p>Who may leave, and what that is worth{kpis.at !== null
                        && <span className="faint"> · as of {ago(kpis.at, now)}</span>}</p>
                </div>
            </div>
            <Loaded of={kpis} height={118}>{(data) => <KpiCards kpis={data} />}</Loaded>
            <Pictures kpis={kpis} />
        </>
    );
}

/** The points of an answer; a server of before has means over scores only, which are not shown as another thing. */
const pointsOf = (kpis: Kpis | null): TrendPoint[] => (kpis?.customer_trend ?? []).map((point) =>
    ({ hour: point.hour, mean: point.mean_probability, customers: point.customers, scores: point.scores }));

/** The 24 hours that end with the newest one, those without a figure too: the axis does not depend on what happened. */
function wholeDay(points: TrendPoint[]): TrendPoint[] {
    const last = points[points.length - 1];
    if (last === undefined) return [];
    const known = new Map(points.map((point) => [Date.parse(point.hour), point]));
    const end = Date.parse(last.hour);
    return Array.from({ length: 24 }, (_, index) => {
        const at = end - (23 - index) * 3_600_000;
        return known.get(at) ?? { hour: new Date(at).toISOString(), mean: null };
    });
}

/** Customers at risk by segment, with those segments that have none. */
function segmentsOf(kpis: Kpis | null, words: Words): { name: string; count: number }[] {
    const counts = new Map(words.segments.map((name) => [name, 0]));
    for (const row of kpis?.churn_by_segment ?? []) counts.set(words.text(row[words.domain.segment_column]), row.count);
    return [...counts].map(([name, number]) => ({ name, count: number })).sort((a, b) => b.count - a.count);
}

function Pictures({ kpis }: { kpis: Resource<Kpis> }) {
    const words = useWords();
    const data = kpis.data;
    const counts = {
        Critical: data?.critical_risk_customers ?? 0, High: data?.high_risk_customers ?? 0,
        Medium: data?.medium_risk_customers ?? 0, Low: data?.low_risk_customers ?? 0,
    };
    const trendKey = JSON.stringify(data?.customer_trend ?? []);
    const trend = useMemo(() => wholeDay(pointsOf(data)), [trendKey]);
    const segments = segmentsOf(data, words);
    const risk = bandsAbove(words.domain.alert_threshold, words.domain.bands);
    return (
        <div className="grid">
            <Figure title="Trend" note="Mean over customers of their latest score at the end of each hour"
                className="span-8"
                table={{ head: ["Hour", "Mean probability", "Customers", "Scores in the hour"],
                    rows: trend.map((point) => [dateTime(point.hour), percent(point.mean), count(point.customers),
                        count(point.scores)]) }}>
                <Loaded of={kpis} height={236} isEmpty={(found) => (found.customer_trend ?? []).length === 0}
                    empty={<Empty title="No scores yet">The line begins with the first score.</Empty>}>
                    {() => <Trend points={trend} />}
                </Loaded>
            </Figure>
            <Figure title="Risk bands" note="Customers by their latest score" className="span-4"
                table={{ head: ["Band", "Customers"], rows: bands.map((band) => [band, count(counts[band])]) }}>
                <Loaded of={kpis} height={176}>{() => <Donut counts={counts} />}</Loaded>
            </Figure>
            <Figure title={`At risk by ${words.segment.toLowerCase()}`}
                note={`Customers whose latest score is above ${amount(words.domain.alert_threshold)}`}
                className="span-4 stay"
                table={{ head: [words.segment, "Customers at risk"],
                    rows: segments.map((segment) => [segment.name, count(segment.count)]) }}>
                <Loaded of={kpis} isEmpty={() => segments.every((segment) => segment.count === 0)}
                    empty={<Empty title="No customer is at risk" icon="check" />}>
                    {() => (
                        <Bars items={segments.map((segment) => ({
                            name: segment.name, value: segment.count, shown: count(segment.count),
                            href: address("/watchlist", { risk,
                                [words.domain.segment_column]: segment.name }),
                        }))} />
                    )}
                </Loaded>
            </Figure>
            <TopReasons />
            <NewestCases />
        </div>
    );
}
