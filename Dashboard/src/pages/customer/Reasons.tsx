import { useEffect, useRef } from "react";
import type { Explanation } from "../../api/types";
import { Figure } from "../../charts/Figure";
import { Waterfall } from "../../charts/Waterfall";
import { useWords } from "../../state/domain";
import type { Resource } from "../../state/useResource";
import { signed } from "../../format";
import { Empty, Loaded } from "../../ui/States";

/** Why the score is what it is, feature by feature. */
export function Reasons({ explanation }: { explanation: Resource<Explanation> }) {
    const words = useWords();
    const reasons = explanation.data?.reasons ?? [];
    return (
        <Figure title="Reasons" note="What raises and lowers the score, in log-odds" className="span-7"
            table={{ head: ["Feature", "Value", "Contribution", "Reason"],
                rows: reasons.map((reason) => [words.label(reason.feature), words.text(reason.value),
                    signed(reason.contribution), reason.text]) }}>
            <Loaded of={explanation} height={280} absent="This server's model does not explain its scores."
                isEmpty={(data) => data.reasons.length === 0}
                empty={<Empty title="No reasons">The model gave none for this customer.</Empty>}>
                {(data) => <Waterfall explanation={data} />}
            </Loaded>
        </Figure>
    );
}

/** Reads again when a value changes, but not at first. */
export function useReloadOn(value: unknown, reload: () => void): void {
    const known = useRef(value);
    useEffect(() => {
        if (known.current === value) return;
        const isFirst = known.current === null;
        known.current = value;
        if (!isFirst) reload();
    }, [value, reload]);
}

