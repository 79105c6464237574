export type Place = "next" | "repeated" | "hole";

/** The position of each partition: recognises frames that come again after a resume, and holes. */
export class Sequence {
    private readonly newest = new Map<number, number>();

    /** Takes a numbered update in; `previous` is the number before it in its partition, where the feed says so. */
    take(partition: number, number: number, previous: number | undefined): Place {
        const known = this.newest.get(partition);
        if (known !== undefined && number <= known) return "repeated";
        this.newest.set(partition, number);
        return known !== undefined && previous !== undefined && previous > known ? "hole" : "next";
    }

    /** Forgets everything: the next feed begins at now. */
    clear(): void {
        this.newest.clear();
    }
}
