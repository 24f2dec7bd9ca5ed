import { ButtonLink } from "~/components/button";
import { Page } from "~/components/page";

export default function Home() {
  return (
    <Page title="Find a competition, take your seat">
      <ButtonLink to="/competitions">See all competitions</ButtonLink>
    </Page>
  );
}
