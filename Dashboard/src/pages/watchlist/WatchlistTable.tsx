import type { RefObject } from "react";
import type { WatchedCustomer } from "../../api/types";
import { Link } from "../../routing/Link";
import { navigate } from "../../routing/navigation";
import { customerAddress } from "../../routing/route";
import { Words, useWords } from "../../state/domain";
import { useNow } from "../../state/useNow";
import { ago } from "../../format";
import { Badge, Score } from "../../ui/Badge";
import { Icon } from "../../ui/icons";
import { useRowKeys } from "../../ui/useRowKeys";

interface TableProps {
    place: RefObject<HTMLDivElement>;
    users: WatchedCustomer[];
    sort: string;
    direction: string | null;
    set: (values: Record<string, string | null>) => void;
    /** Whether these are rows of the filters before, with the new ones on their way. */
    isBehind: boolean;
}

/** The columns beside id, band and score: the segment, then what updates show too. */
function columnsOf(words: Words): string[] {
    const shown = [words.domain.segment_column, ...words.updateFields.map((field) => field.column)];
    return [...new Set(shown)].filter((column) => column !== words.domain.value_column).slice(0, 3);
}

export function WatchlistTable({ place, users, sort, direction, set, isBehind }: TableProps) {
    const words = useWords();
    const now = useNow();
    useRowKeys(place);
    const columns = columnsOf(words);
    const id = words.domain.id_column;
    const isDescending = direction === null ? sort !== "id" : direction === "desc";
    const heading = (key: string, text: string, className?: string) => (
        <th scope="col" className={className}
            aria-sort={sort !== key ? "none" : isDescending ? "descending" : "ascending"}>
            <button type="button" className="sort" onClick={() => set({
                sort: key === "risk" ? null : key, order: sort === key ? (isDescending ? "asc" : "desc") : null,
            })}>
                {text}{sort === key && <Icon name={isDescending ? "down" : "up"} size={12} />}
            </button>
        </th>
    );
    return (
        <div className="scroll" ref={place} aria-busy={isBehind}>
            <table className="cards">
                <thead>
                    <tr>
                        {heading("id", "Customer")}
                        <th scope="col">Risk</th>
                        {heading("risk", "Probability")}
                        {columns.map((column) => <th key={column} scope="col" className={isNumeric(words, column)
                            ? "end" : undefined}>{words.label(column)}</th>)}
                        {words.hasValue && heading("value", words.value, "end")}
                        {heading("activity", "Last activity", "end")}
                    </tr>
                </thead>
                <tbody>
                    {users.map((user) => {
                        const key = String(user[id]);
                        return (
                            <tr key={key} data-row onClick={(event) => {
                                if (!(event.target as HTMLElement).closest("a")
                                    && String(getSelection()) === "") navigate(customerAddress(key));
                            }}>
                                <th scope="row"><Link href={customerAddress(key)}>{key}</Link></th>
                                <td><Badge band={user.churn_risk} /></td>
                                <td><Score value={user.risk_score} band={user.churn_risk} /></td>
                                {columns.map((column, index) => (
                                    <td key={column} data-label={words.label(column)} className={
                                        `${isNumeric(words, column) ? "end" : ""} ${index > 0 ? "spare" : "soft"}`
                                    }>
                                        {words.cell(column, user[column])}</td>
                                ))}
                                {words.domain.value_column != null
                                    && <td className="end labelled" data-label={words.value}>{words.cell(
                                        words.domain.value_column, user[words.domain.value_column])}</td>}
                                <td className="end soft labelled" data-label="Last activity">
                                    {ago(user.last_activity, now)}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}

const isNumeric = (words: Words, column: string) =>
    words.domain.columns.find((one) => one.column === column)?.type === "numeric";
