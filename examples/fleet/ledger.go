package main

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ledger stands for the database of the application. It does what the database should do: the effect and the mark that
// it has taken place are written in one step, so that no moment of a crash lies between them.
type ledger struct{ rdb redis.UniversalClient }

// actScript writes a decision and who came to it, unless this notice has had its effect already. A decision that is final
// does not become open again. KEYS: notices, decision, history.
var actScript = redis.NewScript(`
if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
if redis.call('HGET', KEYS[2], 'final') == '1' and ARGV[3] == '0' then return 0 end
redis.call('HSET', KEYS[2], 'decision', ARGV[2], 'final', ARGV[3], 'by', ARGV[4], 'at', ARGV[5])
redis.call('RPUSH', KEYS[3], ARGV[6])
return 1`)

const (
	ledgerNotices = "fleet:notices"
	ledgerHistory = "fleet:history"
)

func ledgerDecision(ref kyc.Ref) string { return "fleet:decision:" + ref.String() }

// act does what is to be done once the result is known: activate the account, refuse it, queue it for a human. It
// returns false where that was done before.
func (l *ledger) act(ctx context.Context, worker string, n notice, result *kyc.Result) (bool, error) {
	final := "0"
	if result.Decision.Final() {
		final = "1"
	}
	done, err := actScript.Run(ctx, l.rdb, []string{ledgerNotices, ledgerDecision(n.Ref), ledgerHistory},
		string(n.Vendor)+" "+n.ID, result.Decision.String(), final, worker, time.Now().UTC().Format(time.RFC3339Nano),
		n.Ref.String()+" "+result.Decision.String()+" "+worker).Int()
	return done == 1, err
}

// history lists what was done, as "ref decision worker".
func (l *ledger) history(ctx context.Context) ([]string, error) {
	return l.rdb.LRange(ctx, ledgerHistory, 0, -1).Result()
}
