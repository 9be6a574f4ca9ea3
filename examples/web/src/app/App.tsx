import { CustomerPage } from "../customers/CustomerPage";
import { Customers } from "../customers/Customers";
import { OrderPage } from "../orders/OrderPage";
import { Orders } from "../orders/Orders";
import { QuotePage } from "../quotes/QuotePage";
import { Quotes } from "../quotes/Quotes";
import { usePath } from "./router";
import { Shell } from "./Shell";

export function App() {
  const [area = "customers", id, part] = usePath();
  return <Shell area={area}>{page(area, id, part)}</Shell>;
}

function page(area: string, id: string | undefined, part: string | undefined) {
  switch (area) {
    case "quotes":
      return id ? <QuotePage key={id} id={id} /> : <Quotes />;
    case "orders":
      return id ? <OrderPage key={id} id={id} /> : <Orders />;
    default:
      return id ? <CustomerPage key={id} id={id} part={part} /> : <Customers />;
  }
}
