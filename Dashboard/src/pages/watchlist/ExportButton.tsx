import { useState } from "react";
import { download } from "../../api/client";
import { Failure } from "../../api/failure";
import { Icon } from "../../ui/icons";
import { toast } from "../../ui/toasts";

/** Saves a file of the API; a plain link could not carry the credential. */
export function ExportButton({ path, name }: { path: string; name: string }) {
    const [isBusy, setBusy] = useState(false);
    const save = async () => {
        setBusy(true);
        try {
            const url = URL.createObjectURL(await download(path));
            const link = document.createElement("a");
            link.href = url;
            link.download = name;
            link.click();
            setTimeout(() => URL.revokeObjectURL(url), 10_000);
        } catch (error) {
            toast(error instanceof Failure ? error.detail : "The file could not be saved.", true);
        } finally {
            setBusy(false);
        }
    };
    return (
        <button type="button" className="button" disabled={isBusy} onClick={() => void save()}>
            <Icon name="download" />{isBusy ? "Exporting" : "Export CSV"}
        </button>
    );
}
