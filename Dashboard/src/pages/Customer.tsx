import { useMemo } from "react";
import { below, customerPath } from "../api/client";
import type { CustomerRecord, Explanation, Timeline } from "../api/types";
import { Gauge } from "../charts/Gauge";
import { useCaseReload } from "../live/notes";
import { useLiveReload } from "../live/useLiveReload";
import { Link } from "../routing/Link";
import { useWords } from "../state/domain";
import { useNow } from "../state/useNow";
import { Resource, useResource } from "../state/useResource";
import { ago, date } from "../format";
import { Badge } from "../ui/Badge";
import { Icon } from "../ui/icons";
import { Panel } from "../ui/Panel";
import { Empty, Loaded } from "../ui/States";
import { Actions } from "./customer/Actions";
import { CasePanel } from "./customer/CasePanel";
import { Changes } from "./customer/Changes";
import { Events } from "./customer/Events";
import { InterventionLog } from "./customer/InterventionLog";
import { NextCase } from "./customer/NextCase";
import { Reasons, useReloadOn } from "./customer/Reasons";
import { ScoreTimeline } from "./customer/ScoreTimeline";
import { WhatIf } from "./customer/WhatIf";

/** Everything about one customer: how likely they leave, why, and what can be done. */
export function CustomerPage({ id }: { id: string }) {
    const base = customerPath(id);
    const record = useResource<CustomerRecord>(base);
    const timeline = useResource<Timeline>(below(base, "/timeline?limit=200"));
    const reload = useMemo(() => () => {
        record.reload();
        timeline.reload();
    }, [record.reload, timeline.reload]);
    useLiveReload(reload, 1_000, (update) => update.payload.user_id === id);
    useCaseReload(reload, (note) => note.customer_id === id);
    const now = useNow();
    const details = record.data?.details;
    const isUnknown = record.failure?.status === 404;
    return (
        <>
            <div className="page-head">
                <div>
                    <nav className="crumbs" aria-label="Where this is">
                        <Link href="/watchlist">Watchlist</Link>
                            <Icon name="right" size={12} /><span className="clip">Customer</span>
                    </nav>
                    <div className="who"><h1>{id}</h1>{details !== undefined && <Badge band={details.churn_risk} />}
                        </div>
                    {typeof details?.left_at === "string" && <p data-standing="left">Left on{" "}
                        {date(details.left_at)}: it counts in no figure and no list.</p>}
                    {details !== undefined && <p>{details.prediction_timestamp === null
                        ? "Not scored yet" : `Scored ${ago(details.prediction_timestamp, now)}`}</p>}
                </div>
            </div>
            {isUnknown ? (
                <section className="panel"><Empty title="There is no customer of this id"><Link className="link"
                    href="/watchlist">To the watchlist</Link></Empty></section>
            ) : <Parts id={id} base={base} record={record} timeline={timeline} reload={reload} />}
        </>
    );
}

interface PartsProps {
    id: string;
    base: string;
    record: Resource<CustomerRecord>;
    timeline: Resource<Timeline>;
    reload: () => void;
}

function Parts({ id, base, record, timeline, reload }: PartsProps) {
    const words = useWords();
    const details = record.data?.details;
    // What explains a score is read again when the score is another one.
    const score = details?.prediction_timestamp ?? null;
    const explanation = useResource<Explanation>(below(base, "/explanation"));
    useReloadOn(score, explanation.reload);
    return (
        <div className="grid">
            <CasePanel id={id} changed={reload} />
            <Panel title="Risk" className="span-4">
                <Loaded of={record} height={200}>
                    {({ details: now }) => (
                        <div className="gauge-side">
                            <Gauge value={now.churn_probability} band={now.churn_risk} bands={words.domain.bands} />
                            <p className="says">{now.churn_probability === null
                                ? "The first event of this customer brings a score."
                                : now.at_risk
                                    ? `At risk: an alert was raised and holds ${words.untilWhen}.`
                                    : now.churn_risk === "Critical" || now.churn_risk === "High"
                                        ? "No alert is raised yet: the next event that scores above the threshold does."
                                        : "Not at risk now."}</p>
                            {explanation.data !== null && <p className="why" dir="auto">{explanation.data.text}</p>}
                        </div>
                    )}
                </Loaded>
            </Panel>
            <Actions id={id} base={base} record={record} changed={reload} />
            <InterventionLog base={base} id={id} record={record} changed={reload} />
            <NextCase id={id} />
            <Reasons explanation={explanation} />
            <Panel title="Details" className="details">
                <Loaded of={record} height={240}>
                    {({ details: now }) => (
                        <dl className="facts">
                            {words.domain.columns.map(({ column }) => (
                                <div key={column}><dt>{words.label(column)}</dt>
                                    <dd dir="auto">{words.cell(column, now[column])}</dd></div>
                            ))}
                        </dl>
                    )}
                </Loaded>
            </Panel>
            <ScoreTimeline timeline={timeline} />
            <WhatIf id={id} record={record} />
            <Changes base={base} score={score} />
            <Events record={record} />
        </div>
    );
}
