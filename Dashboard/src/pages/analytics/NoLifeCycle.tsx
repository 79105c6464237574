import { Empty } from "../../ui/States";

/** What stands where stages would be, for a business whose domain file says nothing of time. */
export const NoLifeCycle = () => (
    <Empty title="No life-cycle stages">
        The domain file names no tenure, a column with the months that a customer has been with you.
    </Empty>
);
