import { Link } from "../routing/Link";

export interface BarItem {
    name: string;
    value: number;
    shown: string;
    href?: string;
    band?: string;
}

/** Amounts beside each other, largest first as they come. */
export function Bars({ items, most }: { items: BarItem[]; most?: number }) {
    const top = most ?? Math.max(...items.map((item) => Math.abs(item.value)), 0);
    return (
        <ul className="bars">
            {items.map((item) => {
                const inside = (
                    <>
                        <span className="clip">{item.name}</span>
                        <span className="number">{item.shown}</span>
                        <span className="bar-track" aria-hidden="true">
                            <span className="bar-fill" style={{ display: "block",
                                width: `${top === 0 ? 0 : (Math.abs(item.value) / top) * 100}%` }} />
                        </span>
                    </>
                );
                return (
                    <li key={item.name} data-band={item.band}>
                        {item.href === undefined
                            ? <div className="bar-row">{inside}</div>
                            : <Link className="bar-row" href={item.href}>{inside}</Link>}
                    </li>
                );
            })}
        </ul>
    );
}
