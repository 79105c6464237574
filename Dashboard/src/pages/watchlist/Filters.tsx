import { useCallback } from "react";
import { bands } from "../../api/types";
import { useWords } from "../../state/domain";
import { Icon } from "../../ui/icons";
import { useSlowText } from "../Watchlist";

interface FiltersProps {
    query: URLSearchParams;
    set: (values: Record<string, string | string[] | null>) => void;
}

const toggled = (values: string[], value: string) =>
    values.includes(value) ? values.filter((one) => one !== value) : [...values, value];

export function Filters({ query, set }: FiltersProps) {
    const words = useWords();
    const segment = words.domain.segment_column;
    const search = useCallback((text: string) => set({ search: text }), [set]);
    const [text, setText] = useSlowText(query.get("search") ?? "", search);
    const risk = query.getAll("risk");
    const chosen = query.getAll(segment);
    const sort = query.get("sort") ?? "risk";
    const order = query.get("order");
    const isDescending = order === null ? sort !== "id" : order === "desc";
    return (
        <div className="filters">
            <div className="find">
                <Icon name="search" />
                <input className="input" type="search" value={text} maxLength={256} placeholder="Part of an id"
                    aria-label="Customer id contains"
                    spellCheck={false} autoComplete="off" onChange={(event) => setText(event.target.value)} />
            </div>
            <div className="chips" role="group" aria-label="Risk band">
                {bands.map((band) => (
                    <button key={band} type="button" className="chip" data-band={band}
                        aria-pressed={risk.includes(band)} onClick={() => set({ risk: toggled(risk, band) })}>
                        <i aria-hidden="true" />{band}
                    </button>
                ))}
            </div>
            <select className="select sort-choice" aria-label="Sort by" value={`${sort} ${isDescending}`}
                onChange={(event) => {
                    const [key, descending] = event.target.value.split(" ") as [string, string];
                    set({ sort: key === "risk" ? null : key, order: descending === "true" ? "desc" : "asc" });
                }}>
                {[["risk", "Probability"], ["value", words.value], ["activity", "Last activity"], ["id", "Customer"]]
                    .flatMap(([key, name]) => [true, false].map((down) => (
                        <option key={`${key} ${down}`} value={`${key} ${down}`}>
                            {name}, {key === "id" ? (down ? "Z to A" : "A to Z") : key === "activity"
                                ? (down ? "newest first" : "oldest first") : (down ? "highest first" : "lowest first")}
                        </option>
                    )))}
            </select>
            <div className="chips" role="group" aria-label={words.segment}>
                {words.segments.map((name) => (
                    <button key={name} type="button" className="chip" aria-pressed={chosen.includes(name)}
                        onClick={() => set({ [segment]: toggled(chosen, name) })}>
                        {name}
                    </button>
                ))}
            </div>
        </div>
    );
}
