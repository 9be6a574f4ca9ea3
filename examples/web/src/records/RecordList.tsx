import type { ReactNode } from "react";
import { PageHead } from "../app/Shell";
import { Button } from "../design/Button";
import { Card, Refusal, Waiting } from "../design/Surface";
import { useTexts } from "../texts";
import { RecordTable } from "./RecordTable";
import type { usePages } from "./usePages";

/**
 * The page of a kind's records: how many there are, what narrows them, the table, and more of them where there are more.
 * `refused` stands in the place of the table where the engine refused: why, or null where `narrow` shows it.
 */
export function RecordList({
  title,
  actions,
  narrow,
  pages: { records, count, refusal, more },
  refused = (
    <div className="padded">
      <Refusal refusal={refusal} />
    </div>
  ),
  empty,
  ...table
}: {
  title: string;
  actions?: ReactNode;
  narrow: ReactNode;
  pages: ReturnType<typeof usePages>;
  refused?: ReactNode;
  empty: ReactNode;
} & Omit<Parameters<typeof RecordTable>[0], "records" | "label">) {
  const texts = useTexts();
  return (
    <>
      <PageHead title={title} note={records && !refusal && texts.list.shown(records.length, count)} actions={actions} />
      <Card flush>
        {narrow}
        {refusal ? (
          refused
        ) : !records ? (
          <Waiting rows={8} />
        ) : records.length === 0 ? (
          empty
        ) : (
          <RecordTable {...table} records={records} label={title} />
        )}
      </Card>
      {more && !refusal && (
        <div className="row">
          <Button onPress={more}>{texts.list.more}</Button>
        </div>
      )}
    </>
  );
}
