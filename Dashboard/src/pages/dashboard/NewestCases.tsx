import type { CasePage } from "../../api/types";
import { useLiveReload } from "../../live/useLiveReload";
import { Link } from "../../routing/Link";
import { customerAddress } from "../../routing/route";
import { useWords } from "../../state/domain";
import { useNow } from "../../state/useNow";
import { useResource } from "../../state/useResource";
import { ago, percent, words } from "../../format";
import { Badge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";

export function NewestCases() {
    const cases = useResource<CasePage>("/api/alerts?status=open&limit=5");
    useLiveReload(cases.reload, 1_000, (update) => update.payload.became_at_risk === true);
    const now = useNow();
    const texts = useWords();
    return (
        <Panel title="Newest cases" note="Customers that became at risk" className="span-4" flush
            actions={<Link className="link" href="/alerts">All cases</Link>}>
            <Loaded of={cases} height={220} absent="This server keeps no cases."
                isEmpty={(page) => page.alerts.length === 0}
                empty={<Empty title="No open cases"
                    icon="check">No customer became at risk since the last was resolved.</Empty>}>
                {(page) => (
                    <ul className="case-list">
                        {page.alerts.map((one) => (
                            <li key={one.alert_id}>
                                <Link href={customerAddress(one.customer_id)}>
                                    <span className="clip"><strong>{one.customer_id}</strong>
                                        <small className="clip">{texts.because(one.reason)
                                            ?? `After ${words(one.event_type).toLowerCase()}`} · {ago(one.raised_at,
                                            now)}</small></span>
                                    <span className="number">{percent(one.churn_probability)}</span>
                                    <Badge band={one.churn_risk} />
                                </Link>
                            </li>
                        ))}
                    </ul>
                )}
            </Loaded>
        </Panel>
    );
}
