import { useEffect, useLayoutEffect, useState } from "react";
import { bands } from "../api/types";
import { Spark } from "../charts/Spark";
import { figures } from "../live/feed";
import { useQuery } from "../routing/navigation";
import { useWords } from "../state/domain";
import { useStore } from "../state/store";
import { count, counted, duration, rate, words as inWords } from "../format";
import { Icon } from "../ui/icons";
import { FeedTable } from "./live/FeedTable";
import { FeedStatus } from "./live/FeedStatus";
import { liveView } from "./live/LiveView";
import { useFeedRows } from "./live/useFeedRows";

const alertMeaning = "An alert is one score above the threshold; a case is a customer that became at risk";

const toggled = (values: string[], value: string) =>
    values.includes(value) ? values.filter((one) => one !== value) : [...values, value];

/** Events and alerts as they come, and what was measured about them; a paused view comes back as it was left. */
export function LivePage() {
    const [query, change] = useQuery();
    const { isPaused } = liveView.get();
    const [isHere, setHere] = useState(!isPaused || query.toString() !== "");
    useLayoutEffect(() => {
        if (isHere) return;
        const { bands: chosen, eventType, alertsOnly } = liveView.shownFilter;
        change({ band: chosen, event_type: eventType, alerts: alertsOnly ? "1" : null }, true);
        setHere(true);
    }, []);
    return isHere ? <Feed /> : null;
}

function Feed() {
    const words = useWords();
    const [query, change] = useQuery();
    const chosen = query.getAll("band");
    const type = query.get("event_type") ?? "";
    const alertsOnly = query.get("alerts") === "1";
    const feed = useFeedRows({ bands: chosen, eventType: type, alertsOnly });
    const { isPaused } = feed;
    const set = (values: Record<string, string | string[] | null>) => change(values, true);
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            // Elsewhere Space presses a button or scrolls a list.
            const isFree = event.target === document.body || (event.target as Element).id === "content";
            if (event.key === " " && isFree) {
                event.preventDefault();
                liveView.pause(!liveView.get().isPaused);
            }
        };
        document.addEventListener("keydown", press);
        return () => document.removeEventListener("keydown", press);
    }, []);
    return (
        <>
            <div className="page-head">
                <div>
                    <h1>Live feed</h1>
                    <p>Every event with its score, the moment it is known</p>
                </div>
                <div className="actions">
                    <button type="button" className="button" aria-pressed={isPaused}
                        onClick={() => liveView.pause(!isPaused)}>
                        <Icon name={isPaused ? "play" : "pause"} />{isPaused
                            ? `Resume${feed.waiting > 0 ? ` (${count(feed.waiting)} new)` : ""}` : "Pause"}
                    </button>
                </div>
            </div>
            <LiveFigures />
            <section className="panel" aria-label="Updates">
                <div className="filters">
                    <div className="chips" role="group" aria-label="Risk band">
                        {bands.map((band) => (
                            <button key={band} type="button" className="chip" data-band={band}
                                aria-pressed={chosen.includes(band)}
                                    onClick={() => set({ band: toggled(chosen, band) })}>
                                <i aria-hidden="true" />{band}
                            </button>
                        ))}
                        <button type="button" className="chip" aria-pressed={alertsOnly}
                            title={alertMeaning}
                            onClick={() => set({ alerts: alertsOnly ? null : "1" })}>Alerts only</button>
                    </div>
                    <select className="select" aria-label="Event type" value={type}
                        onChange={(event) => set({ event_type: event.target.value })}>
                        <option value="">All events</option>
                        {words.domain.event_types.map((name) =>
                            <option key={name} value={name}>{inWords(name)}</option>)}
                    </select>
                </div>
                <FeedStatus feed={feed} />
                <FeedTable feed={feed} />
            </section>
        </>
    );
}

function LiveFigures() {
    const measured = useStore(figures);
    const [median, medianUnit] = duration(measured.median);
    const [p99, p99Unit] = duration(measured.p99);
    return (
        <div className="kpis" aria-label="Measured since this page was opened">
            <section className="kpi" aria-label="Rate">
                <h2>Rate</h2>
                <p className="kpi-figure" data-testid="rate">{rate(measured.rate)}<small>events/s</small></p>
                <div className="kpi-foot"><Spark values={measured.series}
                    label={`Events a second over the last minute, now ${rate(measured.rate)}`} /></div>
            </section>
            <section className="kpi" aria-label="Delay, median">
                <h2>Delay, median</h2>
                <p className="kpi-figure" data-testid="latency">{median}<small>{medianUnit}</small></p>
                <div className="kpi-foot">From the event's own time to this page</div>
            </section>
            <section className="kpi" aria-label="Delay, p99">
                <h2>Delay, p99</h2>
                <p className="kpi-figure">{p99}<small>{p99Unit}</small></p>
                <div className="kpi-foot">Of the last 1,000 events</div>
            </section>
            <section className="kpi" aria-label="Events">
                <h2>Events</h2>
                <p className="kpi-figure" data-testid="total">{count(measured.total)}</p>
                <div className="kpi-foot" title={alertMeaning}>{counted(measured.alerts, "alert")}, {
                    counted(measured.cases, "new case")} since this page was opened</div>
            </section>
            <section className="kpi" aria-label="Missed">
                <h2>Missed</h2>
                <p className="kpi-figure" data-testid="missed">{count(measured.missed)}</p>
                <div className="kpi-foot">{measured.cuts === 0
                    ? "No connection was lost" : `Connection lost ${counted(measured.cuts, "time")}, resumed`}</div>
            </section>
        </div>
    );
}
