from tests.procurement.awards.world import *
import time
def test_1(engine):
    t=time.time(); w=announced_round(engine); print("built",time.time()-t)
def test_2(engine):
    t=time.time(); w=announced_round(engine); print("kept",time.time()-t)
    w.end_notice().fix_award()
def test_3(engine):
    t=time.time(); w=decided_round(engine); print("kept",time.time()-t)
    w.announce().end_notice().fix_award()
