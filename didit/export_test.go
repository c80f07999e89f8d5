package didit

// What the tests beside this package's own use too.
var (
	Fixture      = fixture
	FixtureNames = fixtureNames
	CheckGolden  = checkGolden
	Words        = words[SessionStatus]
)
