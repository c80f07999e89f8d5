package jumio

import (
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseCallback reads the body of a notice. Jumio signs nothing, so the event's
// Assurance is none whoever sent it: fetch the result. Notices may come twice
// and out of order: drop one whose OccurredAt is older than what was seen. An
// Event's ID is made of execution, status and time of sending, so that nobody
// who does not know that time can make the real notice look like a repeat.
//
// The vendor expects exactly status 200 in return. A schedule of repeats is not
// published: poll as well, after [PollSchedule].
func ParseCallback(body []byte) (kyc.Event, error) {
	const op = "callback.parse"
	var notice CallbackBody
	if err := kyc.Unmarshal(body, &notice); err != nil {
		return kyc.Event{}, kyc.Malformed(kyc.Jumio, op, "the notice is not valid JSON", err)
	}
	if notice.Account == nil || notice.WorkflowExecution == nil || notice.Account.ID == "" || notice.WorkflowExecution.ID == "" {
		return kyc.Event{}, kyc.Malformed(kyc.Jumio, op, "the notice lacks the account or the workflow execution", nil)
	}
	execution := notice.WorkflowExecution
	at, _ := notice.CallbackSentAt.Time()
	return kyc.Event{
		Vendor: kyc.Jumio, Ref: kyc.Ref{Vendor: kyc.Jumio, Account: notice.Account.ID, Session: execution.ID},
		Type: "workflow-execution", Status: string(execution.Status), Assurance: kyc.AssuranceNone, OccurredAt: at,
		ID: execution.ID + "/" + string(execution.Status) + "/" + string(notice.CallbackSentAt), Raw: body,
	}, nil
}

// CallbackOption adds a check to [Callbacks].
type CallbackOption func(*callbacks)

type callbacks struct {
	source   func(*http.Request) (netip.Addr, error)
	allowed  []netip.Addr
	limited  bool
	verifier *ReferenceSigner
}

// WithSources refuses notices from other addresses than the given ones. source
// tells the sender's address; nil takes the peer of the connection, which behind
// a proxy is the proxy. [SourceAddresses] lists the vendor's published
// addresses; they change, so look the host of [CallbackHost] up now and then.
func WithSources(source func(*http.Request) (netip.Addr, error), allowed ...netip.Addr) CallbackOption {
	return func(c *callbacks) {
		c.source, c.limited = source, true
		if source == nil {
			c.source = peer
		}
		c.allowed = append(c.allowed, allowed...)
	}
}

// WithSignedUserReference refuses notices whose userReference was not made by
// [ReferenceSigner.SignUser] of signer, as [WithUserReferenceSigner] has it done
// for each start. It shows that the sender has seen the reference, not more: the
// Assurance stays none.
func WithSignedUserReference(signer *ReferenceSigner) CallbackOption {
	return func(c *callbacks) { c.verifier = signer }
}

// Callbacks returns the source of notices for [kyc.Handler]. Anybody can post a
// notice about another execution, such as one of the same person that ran another
// workflow: before you act on what Fetch gives, compare the Ref with the one that
// you stored for the reference when it was started.
func Callbacks(opts ...CallbackOption) kyc.NoticeSource {
	c := &callbacks{}
	for _, o := range opts {
		o(c)
	}
	return c
}

// ParseNotice checks the request and reads the notice.
func (c *callbacks) ParseNotice(r *http.Request, body []byte) (kyc.Event, error) {
	const op = "callback.verify"
	refuse := func(detail string) error {
		return &kyc.Error{Vendor: kyc.Jumio, Operation: op, Kind: kyc.ErrUnauthorized, Detail: detail}
	}
	if c.limited {
		addr, err := c.source(r)
		if err != nil || !slices.Contains(c.allowed, addr.Unmap()) {
			return kyc.Event{}, refuse("the sender's address is not an allowed one")
		}
	}
	event, err := ParseCallback(body)
	if err != nil {
		return kyc.Event{}, err
	}
	if c.verifier != nil {
		var notice CallbackBody
		if err := kyc.Unmarshal(body, &notice); err != nil {
			return kyc.Event{}, err
		}
		if _, err := c.verifier.VerifyUser(notice.UserReference); err != nil {
			return kyc.Event{}, refuse("the userReference does not carry the signature")
		}
	}
	return event, nil
}

func peer(r *http.Request) (netip.Addr, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, err
	}
	addr, err := netip.ParseAddr(host)
	return addr.Unmap().WithZone(""), err
}

// sources are the addresses that the vendor publishes for each region.
var sources = map[Region][]string{
	RegionAMER: {"34.202.241.227", "34.226.103.119", "34.226.254.127", "52.8.136.236", "54.177.61.57", "54.183.15.212"},
	RegionEMEA: {"34.253.41.236", "35.157.27.193", "52.48.0.25", "52.57.194.92", "52.58.113.86", "52.209.180.134"},
	RegionAPAC: {"3.0.109.121", "52.76.184.73", "52.77.102.92", "13.238.100.17", "13.238.203.238", "52.64.132.26"},
}

// SourceAddresses returns the addresses from which a region sends its notices,
// as published when this version was made. They have changed before: prefer a
// look-up of [CallbackHost].
func SourceAddresses(region Region) []netip.Addr {
	out := make([]netip.Addr, 0, len(sources[region]))
	for _, text := range sources[region] {
		out = append(out, netip.MustParseAddr(text))
	}
	return out
}

// CallbackHost returns the host name whose addresses send a region's notices.
func CallbackHost(region Region) string { return "callback." + string(region) + ".jumio.ai" }
