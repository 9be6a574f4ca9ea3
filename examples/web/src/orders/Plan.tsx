// The execution plan of an order: what is due when, how far it is, and what is done next.

import { hasCode, type Id, type PlanStatusAnswer, type PlanStepStatus } from "crm-engine";
import { useState } from "react";
import { Button } from "../design/Button";
import { Select } from "../design/Controls";
import { useNotice } from "../design/Notices";
import { Badge, Card, Refusal, Waiting } from "../design/Surface";
import { useKind } from "../engine/kinds";
import { useAction, useAnswer } from "../engine/session";
import { RecordReceipt } from "../receipts/RecordReceipt";
import { Amount, State } from "../records/Value";
import { useTexts } from "../texts";
import "./Plan.css";

const NONE = "none";

export function Plan({ order, customer, isApproved }: { order: Id; customer: Id; isApproved: boolean }) {
  const texts = useTexts();
  const { answer, refusal } = useAnswer(
    async (session): Promise<{ plan: PlanStatusAnswer | null }> => {
      try {
        return { plan: await session.plan.status({ order }) };
      } catch (fault) {
        if (hasCode(fault, "plan.none")) return { plan: null };
        throw fault;
      }
    },
    [order],
  );
  return (
    <Card title={texts.order.plan} flush beside={answer?.plan && <PlanSums plan={answer.plan} />}>
      {refusal ? (
        <div className="padded">
          <Refusal refusal={refusal} />
        </div>
      ) : !answer ? (
        <Waiting rows={3} />
      ) : answer.plan ? (
        <Steps order={order} customer={customer} plan={answer.plan} />
      ) : (
        <MakePlan order={order} isApproved={isApproved} />
      )}
    </Card>
  );
}

function PlanSums({ plan }: { plan: PlanStatusAnswer }) {
  const texts = useTexts().order;
  return (
    <span className="small soft plan-sums">
      <span>
        {texts.openAmount} <Amount value={plan.open} currency={plan.currency} />
      </span>
      {/[1-9]/.test(plan.overdue) && (
        <span className="late">
          {texts.overdue} <Amount value={plan.overdue} />
        </span>
      )}
    </span>
  );
}

function MakePlan({ order, isApproved }: { order: Id; isApproved: boolean }) {
  const texts = useTexts();
  const say = useNotice();
  const { run, busy, refusal, dismiss } = useAction();
  const { answer } = useAnswer(
    (session) => session.record.list({ kind: "plan_template", filter: "active", order: ["name"], limit: 50 }),
    [],
  );
  const templates = answer?.records ?? [];
  const [chosen, setChosen] = useState<string>();
  const template = chosen ?? templates[0]?.id ?? NONE;
  const make = async () => {
    const made = await run((session) => session.plan.make({ order, template: template === NONE ? null : template }));
    if (made) say(texts.order.outcome.planned);
  };
  if (!isApproved) return <p className="soft padded">{texts.order.notApproved}</p>;
  return (
    <div className="make-plan">
      <Refusal refusal={refusal} onDismiss={dismiss} />
      <p className="soft">{texts.order.noPlan}</p>
      <div className="make-plan-choice">
        <Select
          label={texts.order.template}
          value={template}
          onChange={setChosen}
          options={[...templates.map(({ id, name }) => ({ id, label: name })), { id: NONE, label: texts.order.withoutTemplate }]}
        />
        <Button look="main" isPending={busy} onPress={make}>
          {texts.order.makePlan}
        </Button>
      </div>
    </div>
  );
}

function Steps({ order, customer, plan }: { order: Id; customer: Id; plan: PlanStatusAnswer }) {
  const texts = useTexts().order;
  const kind = useKind("plan_step");
  const say = useNotice();
  const { run, busy, refusal, dismiss } = useAction();
  const [receiving, setReceiving] = useState<PlanStepStatus>();
  const { answer } = useAnswer((session) => session.record.list({ kind: "action_type", limit: 100 }), []);
  const receives = (step: PlanStepStatus) => answer?.records.find(({ id }) => id === step.action)?.effect_money === "receive";
  const execute = async (step: PlanStepStatus) => {
    const done = await run((session) => session.plan.execute({ order, step: step.step }));
    if (done) say(texts.executed(step.label));
  };
  return (
    <>
      {refusal && (
        <div className="padded">
          <Refusal refusal={refusal} onDismiss={dismiss} />
        </div>
      )}
      <ol className="plan">
        {plan.steps.map((step) => {
          const isOpen = step.state === "planned" || step.state === "partly";
          return (
            <li key={step.step} data-state={step.overdue ? "late" : step.state}>
              <span className="plan-mark" aria-hidden="true" />
              <div className="plan-what">
                <span className="row">
                  <strong>{step.label}</strong>
                  {step.overdue ? <Badge tone="bad">{texts.late(step.days_late)}</Badge> : <State kind={kind} code={step.state} />}
                </span>
                <span className="small soft">
                  {step.due_date}
                  {step.done_on && step.state === "done" && <> · {texts.doneOn(step.done_on)}</>}
                </span>
              </div>
              <div className="plan-much">
                {step.planned_amount ? (
                  <Amount value={step.planned_amount} currency={plan.currency} />
                ) : (
                  step.planned_percent && <span className="soft">{texts.ofGoods(step.planned_percent)}</span>
                )}
                {step.state === "partly" && step.open_amount && (
                  <span className="small soft">
                    {texts.openAmount} <Amount value={step.open_amount} />
                  </span>
                )}
              </div>
              <div className="plan-do">
                {isOpen &&
                  (receives(step) ? (
                    <Button
                      size="small"
                      onPress={() => setReceiving(step)}
                      aria-label={`${texts.receive}: ${step.label} ${step.due_date}`}
                    >
                      {texts.receive}
                    </Button>
                  ) : (
                    <Button
                      size="small"
                      isPending={busy}
                      onPress={() => execute(step)}
                      aria-label={`${texts.execute}: ${step.label} ${step.due_date}`}
                    >
                      {texts.execute}
                    </Button>
                  ))}
              </div>
            </li>
          );
        })}
      </ol>
      <RecordReceipt
        open={receiving !== undefined}
        onClose={() => setReceiving(undefined)}
        customer={customer}
        order={order}
        step={receiving}
      />
    </>
  );
}
