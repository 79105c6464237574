import type { ReactNode } from "react";
import type { BandCounts, Kpis } from "../../api/types";
import { Spark } from "../../charts/Spark";
import { link, figures } from "../../live/feed";
import { useStore } from "../../state/store";
import { useWords } from "../../state/domain";
import { count, duration, percent, points, rate, short } from "../../format";
import { linkWords } from "../../ui/ConnectionBanner";

const atRisk = (counts: BandCounts) => counts.critical_risk_customers + counts.high_risk_customers;

/** A change against yesterday; more is bad news for all of these figures. */
function Delta({ now, before, shown, isGoodUp = false }: {
    now: number; before: number | undefined; shown: (value: number) => string; isGoodUp?: boolean;
}) {
    if (before === undefined) return <span>No figure of yesterday yet</span>;
    const change = now - before;
    if (Math.abs(change) < 1e-9) return <span>As yesterday</span>;
    const tone = change > 0 === isGoodUp ? "good" : "bad";
    return (
        <>
            <span className="delta" data-tone={tone}>
                <span aria-hidden="true">{change > 0 ? "↑" : "↓"}</span>
                <span className="visually-hidden">{change > 0 ? "up" : "down"}</span>
                {shown(Math.abs(change))}
            </span>
            <span>since yesterday</span>
        </>
    );
}

function Card({ title, figure, unit, foot }: { title: string; figure: ReactNode; unit?: string; foot: ReactNode }) {
    return (
        <section className="kpi" aria-label={title}>
            <h2 className="clip">{title}</h2>
            <p className="kpi-figure">{figure}{unit !== undefined && <small>{unit}</small>}</p>
            <div className="kpi-foot">{foot}</div>
        </section>
    );
}

export function KpiCards({ kpis }: { kpis: Kpis }) {
    const words = useWords();
    const before = kpis.yesterday ?? undefined;
    const mean = kpis.overall_avg_churn_probability;
    const meanBefore = before?.overall_avg_churn_probability ?? undefined;
    return (
        <div className="kpis">
            <Card title="Active customers" figure={count(kpis.total_active_customers)}
                foot={<Delta now={kpis.total_active_customers} before={before?.total_active_customers} shown={count}
                    isGoodUp />} />
            <Card title="At high or critical risk" figure={count(atRisk(kpis))}
                foot={<Delta now={atRisk(kpis)} before={before && atRisk(before)} shown={count} />} />
            <Card title={`${words.value} at risk`} figure={short(kpis.mrr_at_risk)}
                foot={<Delta now={kpis.mrr_at_risk} before={before?.mrr_at_risk} shown={short} />} />
            <Card title="Mean probability" figure={percent(mean)}
                foot={<Delta now={mean ?? 0} before={mean === null ? undefined : meanBefore}
                    shown={(value) => points(value).replace(/^[+−]/, "")} />} />
            <LiveCard />
        </div>
    );
}

function LiveCard() {
    const measured = useStore(figures);
    const state = useStore(link);
    const [latency, unit] = duration(measured.median);
    return (
        <section className="kpi" aria-label="Connection">
            <h2 className="clip">{linkWords[state.phase]}
                {state.phase === "live" && measured.median !== null
                    && <span className="faint"> · {latency} {unit} median delay</span>}</h2>
            <p className="kpi-figure">{rate(measured.rate)}<small>events/s</small></p>
            <div className="kpi-foot"><Spark values={measured.series}
                label={`Events a second over the last minute, now ${rate(measured.rate)}`} /></div>
        </section>
    );
}
