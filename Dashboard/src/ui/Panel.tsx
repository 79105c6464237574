import { ReactNode, useId } from "react";

interface PanelProps {
    title: string;
    note?: ReactNode;
    actions?: ReactNode;
    className?: string;
    flush?: boolean;
    children: ReactNode;
}

export function Panel({ title, note, actions, className = "", flush = false, children }: PanelProps) {
    const id = useId();
    return (
        <section className={`panel ${className}`} aria-labelledby={id}>
            <div className="panel-head">
                <div className="panel-title">
                    <h2 id={id}>{title}</h2>
                    {note !== undefined && <p>{note}</p>}
                </div>
                {actions !== undefined && <div className="actions">{actions}</div>}
            </div>
            <div className="panel-body" data-flush={flush || undefined}>{children}</div>
        </section>
    );
}
