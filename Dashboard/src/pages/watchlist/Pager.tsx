import { count } from "../../format";
import { Icon } from "../../ui/icons";

export function Pager({ page, pages, total, size,
    go }: { page: number; pages: number; total: number; size: number; go: (page: number) => void }) {
    const first = Math.min(total, (page - 1) * size + 1);
    return (
        <nav className="pager" aria-label="Pages of the list">
            <span className="number">{count(first)}–{count(Math.min(total, page * size))} of {count(total)}</span>
            <div className="actions">
                <button type="button" className="button" data-size="small" disabled={page <= 1}
                    onClick={() => go(page - 1)}><Icon name="left" size={14} />Previous</button>
                <button type="button" className="button" data-size="small" disabled={page >= pages}
                    onClick={() => go(page + 1)}>Next<Icon name="right" size={14} /></button>
            </div>
        </nav>
    );
}
