import type { CrmError } from "crm-engine";
import { useEffect, useState } from "react";
import { useAnswer } from "../engine/session";
import type { AnyRecord } from "./RecordTable";

const PAGE = 25;

/** Records of a kind, with their number and as many pages as were asked for. */
export function usePages(
  kind: string,
  { filter, order, fields }: { filter: string; order: string; fields: string[] },
): {
  records?: AnyRecord[];
  count: number;
  refusal?: CrmError;
  asking: boolean;
  more?: () => void;
} {
  const [pages, setPages] = useState(1);
  useEffect(() => setPages(1), [kind, filter, order]);
  const { answer, refusal, asking } = useAnswer(
    async (session) => {
      const condition = filter.trim() || undefined;
      const [{ records, next }, { count }] = await Promise.all([
        session.record.list({ kind, filter: condition, order: [order], limit: Math.min(PAGE * pages, 1000), fields }),
        session.record.count({ kind, filter: condition }),
      ]);
      return { records: records as AnyRecord[], next, count };
    },
    [kind, filter, order, fields, pages],
  );
  return {
    records: answer?.records,
    count: answer?.count ?? 0,
    refusal,
    asking,
    more: answer?.next ? () => setPages((pages) => pages + 1) : undefined,
  };
}
