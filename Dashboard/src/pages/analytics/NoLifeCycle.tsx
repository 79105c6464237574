import { Empty } from "../../ui/States";

/** The note in place of stages, for a business whose domain file has no tenure. */
export const NoLifeCycle = () => (
    <Empty title="No life-cycle stages">
        The domain file names no tenure, a column with the months that a customer has been with you.
    </Empty>
);
