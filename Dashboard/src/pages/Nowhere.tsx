import { Link } from "../routing/Link";
import { Empty } from "../ui/States";

export function NowherePage() {
    return (
        <>
            <h1 className="visually-hidden">Nothing here</h1>
            <Empty title="There is no page at this address">
                <Link className="link" href="/">To the dashboard</Link>
            </Empty>
        </>
    );
}
