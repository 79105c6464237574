import { customerAddress } from "../../routing/route";
import type { CasePage } from "../../api/types";
import { Link } from "../../routing/Link";
import { useResource } from "../../state/useResource";
import { percent } from "../../format";
import { Badge } from "../../ui/Badge";
import { Icon } from "../../ui/icons";

/** Leads to the open case after this customer's, so that a list is worked through without going back to it. */
export function NextCase({ id }: { id: string }) {
    const cases = useResource<CasePage>("/api/alerts?status=open&limit=30").data?.alerts ?? [];
    const others = cases.filter((one) => one.customer_id !== id);
    const own = cases.findIndex((one) => one.customer_id === id);
    const next = cases.slice(own + 1).find((one) => one.customer_id !== id) ?? others[0];
    if (next === undefined) return null;
    return (
        <nav className="next-case" aria-label="Next">
            <Link href={customerAddress(next.customer_id)}>
                <span className="clip">Next open case: <strong>{next.customer_id}</strong></span>
                <span className="number">{percent(next.churn_probability)}</span>
                <Badge band={next.churn_risk} /><Icon name="right" size={14} />
            </Link>
        </nav>
    );
}
