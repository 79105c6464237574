import { useEffect, useRef, useState } from "react";
import { address } from "../api/client";
import { bands, CasePage, CaseStatus, caseStatuses } from "../api/types";
import { useCaseReload } from "../live/notes";
import { useLiveReload } from "../live/useLiveReload";
import { useQuery } from "../routing/navigation";
import { notifications, setNotifications } from "../state/notifications";
import { useStore } from "../state/store";
import { useResource } from "../state/useResource";
import { count, words } from "../format";
import { Empty, Loaded } from "../ui/States";
import { Icon } from "../ui/icons";
import { toast } from "../ui/toasts";
import { Behind } from "../ui/Behind";
import { useSteady } from "../ui/useSteady";
import { focusRow, focusedRow, useRowKeys } from "../ui/useRowKeys";
import { CaseRow } from "./cases/CaseRow";
import { CaseQuestion, Question } from "./cases/CaseQuestion";

const size = 30;
const isStatus = (text: string | null): text is CaseStatus => caseStatuses.includes(text as CaseStatus);

/** The inbox: customers that became at risk, and what was done about each. */
export function CasesPage() {
    const [query, change] = useQuery();
    const asked = query.get("status");
    const status = isStatus(asked) ? asked : "open";
    const band = query.get("band");
    const before = query.get("before");
    const path = address("/api/alerts", { status, band, before, limit: size });
    const page = useResource<CasePage>(path);
    useLiveReload(page.reload, 2_000, (update) => update.payload.became_at_risk === true);
    useCaseReload(page.reload);
    const [question, setQuestion] = useState<Question | null>(null);
    const list = useRef<HTMLUListElement>(null);
    useRowKeys(list);
    const steady = useSteady(list, page.data, path);
    useKeptRow(list, steady.data);
    const changed = () => {
        steady.release();
        page.reload();
    };
    return (
        <>
            <div className="page-head">
                <div>
                    <h1>Cases</h1>
                    <p>Customers that became at risk, until they are resolved</p>
                </div>
                <div className="actions"><NotificationSwitch /></div>
            </div>
            <section className="panel" aria-label="Cases">
                <div className="filters">
                    <div className="segmented statuses" role="group" aria-label="Status">
                        {caseStatuses.map((one) => (
                            <button key={one} type="button" aria-pressed={status === one}
                                onClick={() => change({ status: one, before: null }, true)}>
                                <span>{words(one)} <span className="number faint">
                                    {page.data === null ? "" : count(page.data.counts[one]) + (one === "open"
                                        && page.data.open_count_is_capped ? "+" : "")}</span></span>
                            </button>
                        ))}
                    </div>
                    <div className="chips" role="group" aria-label="Risk band">
                        {bands.slice(0, 2).map((one) => (
                            <button key={one} type="button" className="chip" data-band={one}
                                aria-pressed={band === one} onClick={() => change({ band: band === one ? null : one,
                                    before: null }, true)}>
                                <i aria-hidden="true" />{one}
                            </button>
                        ))}
                    </div>
                </div>
                <Behind isBehind={steady.isBehind} />
                <Loaded of={{ ...page, data: page.data === null ? null : steady.data }} height={420}
                    absent="This server keeps no cases."
                    isEmpty={(data) => data.alerts.length === 0}
                    empty={<Empty title={`No ${status} cases`} icon="check">
                        {status === "open"
                            ? "New ones appear here by themselves." : "Nothing has this status now."}</Empty>}>
                    {(data) => (
                        <>
                            <ul className="inbox" ref={list}>
                                {data.alerts.map((one) => <CaseRow key={one.alert_id} item={one}
                                    ask={setQuestion} changed={changed} />)}
                            </ul>
                            {(data.next_before !== null || before !== null) && (
                                <nav className="pager" aria-label="Pages of cases">
                                    <div className="actions">
                                        <button type="button" className="button" data-size="small"
                                            disabled={before === null}
                                                onClick={() => change({ before: null })}>Newest</button>
                                        <button type="button" className="button" data-size="small"
                                            disabled={data.next_before === null}
                                                onClick={() => change({ before: String(data.next_before) })}>Older<Icon
                                                    name="right" size={14} /></button>
                                    </div>
                                </nav>
                            )}
                        </>
                    )}
                </Loaded>
            </section>
            {question !== null && <CaseQuestion question={question} onClose={() => setQuestion(null)}
                changed={changed} />}
        </>
    );
}

/** A row that leaves the list, as after a step, hands the focus to the one that takes its place. */
function useKeptRow(list: { current: HTMLUListElement | null }, data: unknown): void {
    const last = useRef(-1);
    useEffect(() => {
        const note = () => {
            const at = focusedRow(list.current);
            if (at >= 0) last.current = at;
            else if (document.activeElement !== document.body && document.querySelector("dialog[open]") === null) {
                last.current = -1;
            }
        };
        document.addEventListener("focusin", note);
        return () => document.removeEventListener("focusin", note);
    }, [list]);
    useEffect(() => {
        if (last.current >= 0 && document.activeElement === document.body) focusRow(list.current, last.current);
    }, [data]);
}

function NotificationSwitch() {
    const isOn = useStore(notifications);
    const turn = async () => {
        const refused = await setNotifications(!isOn);
        const done = isOn
            ? "Notifications are off." : "You are notified of new cases while this tab is in the background.";
        toast(refused ?? done, refused !== null);
    };
    return (
        <button type="button" className="button" aria-pressed={isOn} onClick={() => void turn()}>
            <Icon name="cases" />Notify me
        </button>
    );
}
