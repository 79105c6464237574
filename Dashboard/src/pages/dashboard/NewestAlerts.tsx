import type { AlertPage } from "../../api/types";
import { useLiveReload } from "../../live/useLiveReload";
import { Link } from "../../routing/Link";
import { customerAddress } from "../../routing/route";
import { useNow } from "../../state/useNow";
import { useResource } from "../../state/useResource";
import { ago, percent, words } from "../../format";
import { Badge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";

export function NewestAlerts() {
    const alerts = useResource<AlertPage>("/api/alerts?status=open&limit=5");
    useLiveReload(alerts.reload, 1_000, (update) => update.payload.became_at_risk === true);
    const now = useNow();
    return (
        <Panel title="Newest alerts" note="Customers that became at risk" className="span-4" flush
            actions={<Link className="link" href="/alerts">All alerts</Link>}>
            <Loaded of={alerts} height={220} absent="This server keeps no alerts."
                isEmpty={(page) => page.alerts.length === 0}
                empty={<Empty title="No open alerts"
                    icon="check">No customer became at risk since the last was resolved.</Empty>}>
                {(page) => (
                    <ul className="alert-list">
                        {page.alerts.map((alert) => (
                            <li key={alert.alert_id}>
                                <Link href={customerAddress(alert.customer_id)}>
                                    <span className="clip"><strong>{alert.customer_id}</strong>
                                        <small className="clip">{words(alert.event_type)} · {ago(alert.raised_at, now)}
                                            </small></span>
                                    <span className="number">{percent(alert.churn_probability)}</span>
                                    <Badge band={alert.churn_risk} />
                                </Link>
                            </li>
                        ))}
                    </ul>
                )}
            </Loaded>
        </Panel>
    );
}
