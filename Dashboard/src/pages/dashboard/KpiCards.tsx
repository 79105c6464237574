import type { ReactNode } from "react";
import type { Kpis } from "../../api/types";
import { Spark } from "../../charts/Spark";
import { link, figures } from "../../live/feed";
import { useStore } from "../../state/store";
import { useWords } from "../../state/domain";
import { amount, count, duration, percent, points, rate } from "../../format";
import { linkWords } from "../../ui/ConnectionBanner";

/** What each figure means; the same words stand in Docs/glossary.md. */
const meanings = (threshold: string, value: string) => ({
    active: "All customers, scored or not",
    atRisk: `Customers whose latest score is above the alert threshold of ${threshold}`,
    value: `Value at risk: the whole ${value} of the customers at risk. Not the expected loss, which is the `
        + "probability times that amount",
    mean: "The mean over scored customers of their latest scores",
});

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

function Card({ title, figure, unit, foot, meaning }: { title: string; figure: ReactNode; unit?: string;
    foot: ReactNode; meaning: string }) {
    return (
        <section className="kpi" aria-label={title} title={meaning}>
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
    const atRisk = kpis.at_risk_customers ?? null;
    const meaning = meanings(amount(words.domain.alert_threshold), words.value.toLowerCase());
    return (
        <div className="kpis">
            <Card title="Active customers" meaning={meaning.active} figure={count(kpis.total_active_customers)}
                foot={<Delta now={kpis.total_active_customers} before={before?.total_active_customers} shown={count}
                    isGoodUp />} />
            <Card title="At risk" meaning={meaning.atRisk} figure={count(atRisk)}
                foot={<Delta now={atRisk ?? 0} before={before?.at_risk_customers ?? undefined} shown={count} />} />
            {kpis.mrr_at_risk !== null
                && <Card title={`${words.value} at risk`} meaning={meaning.value}
                    figure={words.shortMoney(kpis.mrr_at_risk)}
                    foot={<Delta now={kpis.mrr_at_risk} before={before?.mrr_at_risk ?? undefined}
                        shown={(value) => words.shortMoney(value)} />} />}
            <Card title="Mean probability" meaning={meaning.mean} figure={percent(mean)}
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
