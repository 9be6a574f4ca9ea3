// A list of records of one kind: columns by name, labels and types from the engine. On a telephone each record is a block.

import { useMemo, type ReactNode } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader, Link as BaseLink } from "react-aria-components";
import { Icon } from "../design/Icon";
import { useIsNarrow } from "../design/narrow";
import { fieldOf, labelOf, useKind, type Field, type Kind } from "../engine/kinds";
import { useTexts } from "../texts";
import "./RecordTable.css";
import { isNumeric, Value } from "./Value";

export type AnyRecord = { id: string; currency?: string | null } & Record<string, unknown>;

interface Shown {
  kind: string;
  records: AnyRecord[];
  /** Field names; the first is the record's title. */
  columns: string[];
  /** Another kind, whose fields are shown as well. */
  also?: string;
  label: string;
  href(record: AnyRecord): string;
  /** Sort key as `record.list` takes it: a field, with `-` in front the largest first. */
  order?: string;
  onOrder?(order: string): void;
}

export function RecordTable(shown: Shown) {
  const own = useKind(shown.kind);
  const other = useKind(shown.also ?? shown.kind);
  const isNarrow = useIsNarrow();
  const described = useMemo(() => own && { ...own, fields: [...own.fields, ...(other?.fields ?? [])] }, [own, other]);
  return isNarrow ? <Blocks {...shown} described={described} /> : <Wide {...shown} described={described} own={own} />;
}

/** References would be sorted by their ids, which says nothing. */
const sortable = (field: Field | undefined) => field !== undefined && field.type !== "reference";

function content(kind: Kind | undefined, record: AnyRecord, name: string): ReactNode {
  const field = fieldOf(kind, name);
  return field ? <Value kind={kind} field={field} value={record[name]} currency={record.currency} /> : null;
}

function Wide({
  described,
  own,
  records,
  columns,
  label,
  href,
  order,
  onOrder,
}: Shown & { described: Kind | undefined; own: Kind | undefined }) {
  const sorted = order?.replace(/^-/, "");
  return (
    <Table
      aria-label={label}
      className="records"
      sortDescriptor={sorted ? { column: sorted, direction: order?.startsWith("-") ? "descending" : "ascending" } : undefined}
      onSortChange={({ column, direction }) => onOrder?.(`${direction === "descending" ? "-" : ""}${column}`)}
    >
      <TableHeader>
        {columns.map((name, at) => (
          <Column
            key={name}
            id={name}
            isRowHeader={at === 0}
            allowsSorting={onOrder !== undefined && sortable(fieldOf(own, name))}
            className={isNumeric(fieldOf(described, name)) ? "number" : ""}
          >
            {({ sortDirection, allowsSorting }) => (
              <span className="column">
                {labelOf(described, name)}
                {allowsSorting && sortDirection && (
                  <span className={`sorted ${sortDirection}`}>
                    <Icon name="down" size={14} />
                  </span>
                )}
              </span>
            )}
          </Column>
        ))}
      </TableHeader>
      <TableBody items={records} dependencies={[described, columns]}>
        {(record) => (
          <Row id={record.id} href={href(record)} className="record">
            {columns.map((name, at) => (
              <Cell
                key={name}
                className={`${at === 0 ? "record-title" : ""} ${isNumeric(fieldOf(described, name)) ? "number" : ""}`}
              >
                {content(described, record, name)}
              </Cell>
            ))}
          </Row>
        )}
      </TableBody>
    </Table>
  );
}

function Blocks({ described, records, columns, label, href }: Shown & { described: Kind | undefined }) {
  const texts = useTexts();
  const [title, ...others] = columns;
  const state = others.includes("state") ? "state" : undefined;
  const figure = others.find((name) => isNumeric(fieldOf(described, name)));
  const rest = others.filter((name) => name !== state && name !== figure);
  return (
    <ul className="blocks" aria-label={label || texts.list.all}>
      {records.map((record) => (
        <li key={record.id}>
          <BaseLink href={href(record)} className="block">
            <span className="block-title">{content(described, record, title!)}</span>
            {state && <span className="block-state">{content(described, record, state)}</span>}
            <span className="block-rest">
              {rest
                .filter((name) => record[name])
                .map((name) => (
                  <span key={name}>{content(described, record, name)}</span>
                ))}
            </span>
            {figure && <span className="block-figure">{content(described, record, figure)}</span>}
          </BaseLink>
        </li>
      ))}
    </ul>
  );
}
